import { isDateTime } from '../../../http/formats.ts';
import type { FieldError } from '../../../kernel/errors.ts';
import type { Condition, FilterField, Than } from '../store.ts';
import { statesOf } from './statuses.ts';

/** One comparison that a list is asked for: an attribute, how it is compared, and values of which any will do. */
export interface Comparison {
  readonly attribute: string;
  readonly than: Than;
  readonly values: readonly string[];
  /** Where the client wrote it. */
  readonly pointer: string;
}

export interface Narrowing {
  readonly states?: readonly string[];
  readonly conditions: readonly Condition[];
}

const FIELDS: Readonly<Record<string, FilterField>> = {
  ticketType: 'troubleType',
  description: 'troubleDescription',
  name: 'name',
};

const COLUMNS = {
  id: 'key',
  severity: 'severity',
  priority: 'priority',
  externalId: 'externalReference',
  'externalIdentifier.id': 'externalReference',
  'relatedParty.id': 'party',
  'relatedParty.partyOrPartyRole.id': 'party',
} as const;

const MOMENTS = { creationDate: 'createdAt', lastUpdate: 'updatedAt' } as const;

/** The attributes that a list can be narrowed by, but for the status. */
const KNOWN = [...Object.keys(COLUMNS), ...Object.keys(FIELDS), ...Object.keys(MOMENTS)];

const SUFFIXES: Readonly<Record<string, Than>> = { gt: 'after', gte: 'from', lt: 'before', lte: 'until' };

/**
 * The comparisons in a query: `severity=Major`, `status=pending,held`, `creationDate.gte=2026-03-01T00:00:00Z`. A comma
 * or a repeated name stands for "or".
 * @param others names of the query that are no filters
 */
export function queryComparisons(
  query: Readonly<Record<string, unknown>>,
  others: ReadonlySet<string>,
): Comparison[] {
  return Object.entries(query).flatMap(([name, given]) => {
    if (others.has(name)) return [];
    const suffix = name.slice(name.lastIndexOf('.') + 1);
    const than = Object.hasOwn(SUFFIXES, suffix) && name.includes('.') ? SUFFIXES[suffix] : undefined;
    const attribute = than === undefined ? name : name.slice(0, -suffix.length - 1);
    const texts = [given].flat().map(String);
    const values = attribute === 'description' || attribute === 'name' ? texts : texts.flatMap(splitComma);
    return [{ attribute, than: than ?? 'at', values, pointer: `/query/${name}` }];
  });
}

function splitComma(text: string): string[] {
  return text.split(',');
}

/** What the comparisons narrow a list to, or each one that cannot be made. */
export function narrow(
  comparisons: readonly Comparison[],
):
  | { readonly ok: true; readonly narrowing: Narrowing }
  | { readonly ok: false; readonly errors: FieldError[] } {
  const errors: FieldError[] = [];
  const conditions: Condition[] = [];
  let states: readonly string[] | undefined;
  for (const comparison of comparisons) {
    const { attribute, values, than, pointer } = comparison;
    if (attribute === 'status' && than === 'at') {
      // A status that nobody knows is no ticket's.
      const found = values.flatMap(statesOf);
      states = states ? states.filter((state) => (found as string[]).includes(state)) : found;
      continue;
    }
    const condition = toCondition(comparison);
    if (typeof condition === 'string') errors.push({ pointer, message: condition });
    else conditions.push(condition);
  }
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, narrowing: { conditions, ...(states && { states }) } };
}

function toCondition({ attribute, than, values }: Comparison): Condition | string {
  if (Object.hasOwn(MOMENTS, attribute)) {
    const [value = ''] = values;
    if (values.length !== 1 || !isDateTime(value)) return 'must be a date-time such as 2026-03-01T12:00:00Z';
    return { on: MOMENTS[attribute as keyof typeof MOMENTS], than, at: new Date(value) };
  }
  if (!KNOWN.includes(attribute)) {
    return `is no attribute that lists can be narrowed by; those are status, ${KNOWN.join(', ')}`;
  }
  if (than !== 'at') return 'can be compared for equality only';
  const field = Object.hasOwn(FIELDS, attribute) ? FIELDS[attribute] : undefined;
  if (field) return { on: 'field', name: field, values };
  return { on: COLUMNS[attribute as keyof typeof COLUMNS], values };
}
