import { Type } from 'typebox';
import type { Ticket } from '../../../core/ticket.ts';
import { compileSchema } from '../../../http/schema-compile.ts';
import type { FieldError } from '../../../kernel/errors.ts';
import { DETAILS, type DetailName, type Details, type RelatedEntity } from '../attributes.ts';
import { fieldsOf } from '../fields.ts';
import { createInput } from '../inputs.ts';

const { properties } = createInput;
const text = Type.String({ maxLength: 4000 });

/** The shapes that OSS/J gives them. */
const shapes = Type.Object({
  troubledObject: Type.Optional(properties.troubledObject),
  troubleDetectionTime: Type.Optional(properties.troubleDetectionTime),
  customerTroubleNum: properties.customerTroubleNum,
  homeId: properties.homeId,
  gescal37ID: properties.gescal37ID,
  wh1Parameter: properties.wh1Parameter,
  wh2Parameter: properties.wh2Parameter,
  wh3Parameter: properties.wh3Parameter,
  wh4Parameter: properties.wh4Parameter,
  wh5Parameter: properties.wh5Parameter,
  clearencePerson: properties.clearencePerson,
  customer: properties.customer,
  closeOutType: Type.Optional(text),
  closeOutNarr: Type.Optional(text),
});
const compiled = compileSchema(shapes);

/** The name under which TM Forum's relations know the thing that a ticket is about. */
export const TROUBLED_OBJECT = 'troubledObject';

export function isDetail(name: unknown): name is DetailName {
  return (DETAILS as readonly unknown[]).includes(name);
}

/** A value that a client gave for a detail, with the place where it stands. */
export interface GivenDetail {
  readonly name: DetailName;
  readonly value: unknown;
  readonly pointer: string;
}

/** Details that clients gave as parts of lists, checked as OSS/J checks them; of two of a name the last one counts. */
export function readDetails(
  given: readonly GivenDetail[],
): { readonly ok: true; readonly details: Details } | { readonly ok: false; readonly errors: FieldError[] } {
  const values = Object.fromEntries(given.map(({ name, value }) => [name, value]));
  const result = compiled.check(values);
  if (result.ok) {
    const { customer, ...texts } = result.value;
    return { ok: true, details: { ...texts, ...(customer !== undefined && { customer: Number(customer) }) } };
  }
  const places = new Map(given.map(({ name, pointer }) => [`/${name}`, pointer]));
  const errors = result.errors.map(({ pointer, message }) => ({
    pointer: places.get(pointer) ?? pointer,
    message,
  }));
  return { ok: false, errors };
}

/** What the ticket has of them. */
export function detailsOf(ticket: Ticket): [DetailName, string | number][] {
  const fields = fieldsOf(ticket);
  return DETAILS.flatMap((name) => {
    const value = fields[name];
    return value === undefined ? [] : [[name, value] as [DetailName, string | number]];
  });
}

/** Related entities whose role is a detail's name give its value as their id. */
export function detailsAmong(entities: readonly RelatedEntity[]): {
  given: GivenDetail[];
  others: RelatedEntity[];
} {
  const given: GivenDetail[] = [];
  const others: RelatedEntity[] = [];
  for (const [index, entity] of entities.entries()) {
    if (isDetail(entity.role)) {
      given.push({ name: entity.role, value: entity.id, pointer: `/relatedEntity/${index}` });
    } else {
      others.push(entity);
    }
  }
  return { given, others };
}
