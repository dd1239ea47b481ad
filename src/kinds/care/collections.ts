import { type Static, Type } from 'typebox';
import type { Catalogue, Collection, Entry, EntryData, NamedParty } from '../../core/collection.ts';
import type { KindRegistry } from '../../core/kind.ts';
import { handOffFaults } from '../../core/receive-hand-off.ts';
import type { FieldError } from '../../kernel/errors.ts';
import { CONFIGURE_PERMISSION } from './permissions.ts';
import { REASONS } from './reasons/tree.ts';

const KIND = 'care';
export const QUEUES = 'queues';
export const DEPARTMENTS = 'departments';
export const VENDORS = 'vendors';

/** The setting with the department that an escalation goes to when it names none. */
export const DEPARTMENT_SETTING = 'care.defaultDepartment';
/** It ships with the product, so it is always there. */
export const DEFAULT_DEPARTMENT = 'corporate';

/** What a vendor sells, as the published API spells it. */
export const VERTICALS = [
  'restaurants',
  'groceries',
  'flowers',
  'cosmetics',
  'health_supplements',
  'pharmacies',
  'pets',
  'drinks',
  'cross_vertical',
  'electronics',
  'baby_supplies',
  'furniture',
  'bags_and_luggage',
  'toys',
  'optics',
  'courier',
  'coffee',
  'shop',
  'courier_business',
  'cash',
  'darkstores',
  'unknown',
] as const;

const name = Type.String({ minLength: 1, maxLength: 255 });
const language = Type.String({
  minLength: 2,
  maxLength: 35,
  description: 'A code or an English name: `en`, `eng`, `en-GB` or `english`.',
});

const queueData = Type.Object({ name, language });

const departmentData = Type.Object({
  label: name,
  handOff: Type.Optional(
    Type.Object(
      {
        kind: Type.String({ minLength: 1, maxLength: 60, description: 'The kind of the ticket to be made.' }),
        queue: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 255,
            description:
              'The queue that it comes into, as its kind names queues: of `desk` the number of a group.',
          }),
        ),
        party: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 255,
            description: 'Who is to resolve it; a ticket between two parties, such as `trouble`, needs one.',
          }),
        ),
        input: Type.Optional(
          Type.Record(Type.String(), Type.Unknown(), {
            description: 'What else opens a ticket of that kind, in the words of `POST /api/v1/tickets`.',
          }),
        ),
      },
      { description: 'Escalating to this department makes a ticket of another kind, as a child.' },
    ),
  ),
});

const vendorData = Type.Object({ name: Type.Optional(name), vertical: Type.Enum([...VERTICALS]) });

const reasonData = Type.Object({
  level: Type.Integer({ minimum: 1, maximum: 3, description: '1 is the most general.' }),
  parent: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'The code one level above; none at level 1.' }),
  ),
  translations: Type.Record(
    Type.String({ pattern: '^[A-Za-z]{2,20}(?:[-_][A-Za-z0-9]{1,8}){0,3}$', examples: ['pt-BR'] }),
    Type.String({ minLength: 1, maxLength: 255 }),
    {
      additionalProperties: false,
      minProperties: 1,
      description: 'The name in each language: `{ "en": "Late", "es": "Tarde" }`.',
    },
  ),
});

const shared = { kind: KIND, keys: 'text', keepers: [CONFIGURE_PERMISSION] } as const;

export type QueueData = Static<typeof queueData>;
export type DepartmentData = Static<typeof departmentData>;
export type VendorData = Static<typeof vendorData>;

/**
 * The reference data of care tickets.
 * @param receivers the kinds that can be given a ticket by an escalation
 */
export function careCollections(receivers: KindRegistry): readonly Collection[] {
  return [
    {
      ...shared,
      name: QUEUES,
      label: 'Queues',
      one: 'queue',
      size: 'small',
      schema: queueData,
      check: checkQueue,
    },
    {
      ...shared,
      name: DEPARTMENTS,
      label: 'Escalation departments',
      one: 'department',
      size: 'small',
      schema: departmentData,
      shipped: [
        { key: DEFAULT_DEPARTMENT, data: { label: 'Corporate' } },
        { key: 'partner-service', data: { label: 'Partner Service' } },
      ],
      check: ({ data }, catalogue) => checkDepartment(data as DepartmentData, receivers, catalogue),
      parties: partiesOfDepartment,
    },
    {
      ...shared,
      name: REASONS,
      label: 'Contact reasons',
      one: 'contact reason',
      size: 'small',
      schema: reasonData,
      references: { parent: REASONS },
      check: checkReason,
    },
    {
      ...shared,
      name: VENDORS,
      label: 'Vendors',
      one: 'vendor',
      size: 'large',
      schema: vendorData,
      searchText: (data) => String(data.name ?? ''),
    },
  ];
}

/** Transfers and lists name a queue by its name, so no two have the same one. */
function checkQueue({ key, data }: Pick<Entry, 'key' | 'data'>, catalogue: Catalogue): FieldError[] {
  const other = catalogue.entries(QUEUES).find((queue) => queue.key !== key && queue.data.name === data.name);
  return other ? [{ pointer: '/name', message: `is the name of the queue ${other.key} already` }] : [];
}

/** A hand-off of which no ticket can ever come would be refused at every escalation. */
function checkDepartment(
  { handOff }: DepartmentData,
  receivers: KindRegistry,
  catalogue: Catalogue,
): FieldError[] {
  if (!handOff) return [];
  const kind = receivers.get(handOff.kind);
  if (kind) {
    const { queue = null, party = null, input = {} } = handOff;
    return handOffFaults(kind, { queue, party, input }, catalogue).map(({ pointer, message }) => ({
      pointer: `/handOff${pointer}`,
      message,
    }));
  }
  const message =
    receivers.size === 0
      ? 'must be absent: no kind of ticket can be made from an escalation'
      : `must be one of ${[...receivers.keys()].join(', ')}`;
  return [{ pointer: '/handOff/kind', message }];
}

function partiesOfDepartment(data: EntryData): NamedParty[] {
  const { party } = (data as DepartmentData).handOff ?? {};
  return party === undefined ? [] : [{ pointer: '/handOff/party', key: party }];
}

/** A reason stands one level below its parent. */
function checkReason({ data }: Pick<Entry, 'key' | 'data'>, catalogue: Catalogue): FieldError[] {
  const level = Number(data.level);
  if (level === 1) {
    return data.parent === undefined ? [] : [{ pointer: '/parent', message: 'must be absent at level 1' }];
  }
  const parent = typeof data.parent === 'string' ? catalogue.entry(REASONS, data.parent) : null;
  if (parent?.data.level === level - 1) return [];
  return [{ pointer: '/parent', message: `must be the code of a reason at level ${level - 1}` }];
}

/** The queue that a client names by its key or by its name; null where the account has none such. */
export function findQueue(catalogue: Catalogue, text: string): Entry | null {
  return (
    catalogue.entry(QUEUES, text) ?? catalogue.entries(QUEUES).find(({ data }) => data.name === text) ?? null
  );
}
