import type { TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import type { FieldError } from './errors.ts';
import { describeSchema, type SchemaNode } from './schema-words.ts';

/** A broken request hears of this many faults at most. */
export const MOST_FAULTS = 100;
/** The errors that are looked at for them: a union has some for each member. Measured: 5 ms; for twice as many 20 ms. */
export const MOST_ERRORS = 500;

const MEMBER = /\/(?:anyOf|oneOf)\/\d/;

/** The faults of a value in plain words, one for each place, in the schema's order. */
export function schemaFaults(
  schema: TSchema,
  value: unknown,
  errors: readonly TLocalizedValidationError[],
  prefix: string,
): FieldError[] {
  const faults = new Map<string, FieldError>();
  for (const error of settleUnions(withoutUnfinished(errors))) {
    const rule = error.keyword.replace('~', '');
    for (const [at, message, ownRule] of wordError(schema as SchemaNode, value, error)) {
      const pointer = prefix + at;
      if (!faults.has(pointer)) faults.set(pointer, { pointer, message, rule: ownRule ?? rule });
    }
  }
  return [...faults.values()].slice(0, MOST_FAULTS);
}

/** A failed union comes after the errors of its members. Where it is cut off, these alone would tell something else. */
function withoutUnfinished(
  errors: readonly TLocalizedValidationError[],
): readonly TLocalizedValidationError[] {
  if (errors.length < MOST_ERRORS) return errors;
  const last = errors.findLastIndex(({ schemaPath }) => !MEMBER.test(schemaPath));
  return last === -1 ? errors : errors.slice(0, last + 1);
}

/**
 * A failed union reports the faults of all its members. Where one member alone was meant, its faults say what to do;
 * otherwise the union as a whole says what would be right.
 */
function settleUnions(errors: readonly TLocalizedValidationError[]): readonly TLocalizedValidationError[] {
  const unions = errors
    .filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
    .sort((a, b) => a.schemaPath.length - b.schemaPath.length);
  return unions.reduce(settleUnion, errors);
}

function settleUnion(
  errors: readonly TLocalizedValidationError[],
  union: TLocalizedValidationError,
): readonly TLocalizedValidationError[] {
  if (!errors.includes(union)) return errors;
  const root = `${union.schemaPath}/${union.keyword}/`;
  const memberOf = ({ schemaPath, instancePath }: TLocalizedValidationError) =>
    isWithin(instancePath, union.instancePath) && schemaPath.startsWith(root)
      ? (schemaPath.slice(root.length).split('/', 1)[0] ?? null)
      : null;
  const members = new Set(errors.map(memberOf).filter((member) => member !== null));
  for (const error of errors) {
    const member = memberOf(error);
    if (member !== null && rulesOut(error, union.instancePath)) members.delete(member);
  }
  const [meant] = members.size === 1 ? members : [];
  return errors.filter((error) => {
    if (error === union) return meant === undefined;
    const member = memberOf(error);
    return member === null || member === meant;
  });
}

/** Whether a pointer leads to a place or into it: `/a/10` is not within `/a/1`. */
function isWithin(pointer: string, place: string): boolean {
  return pointer.startsWith(place) && (pointer.length === place.length || pointer[place.length] === '/');
}

/** A member of another type, or with another value in a field that tells members apart, was not meant. */
function rulesOut({ keyword, instancePath }: TLocalizedValidationError, at: string): boolean {
  if (keyword === 'type' || keyword === 'enum') return instancePath === at;
  return keyword === 'const' && instancePath.lastIndexOf('/') <= at.length;
}

function wordError(
  schema: SchemaNode,
  value: unknown,
  error: TLocalizedValidationError,
): [pointer: string, message: string, rule?: string][] {
  const { instancePath: at } = error;
  switch (error.keyword) {
    case 'required':
      return missingOf(error.params.requiredProperties, value, at);
    case 'additionalProperties':
      return error.params.additionalProperties.map((name) => [
        `${at}/${escapeName(name)}`,
        'is not known here',
      ]);
    case 'boolean':
      return [[at, 'is not known here']];
    case '~refine':
      return [[at, error.message]];
    default: {
      const node = schemaAt(schema, error.schemaPath);
      const wanted = error.keyword === 'anyOf' ? requirementOf(node) : null;
      if (wanted !== null) return missingOf(wanted, value, at);
      const tag = tagOf(node);
      if (tag !== null && isObject(valueAt(value, at))) return [wordTag(node, tag, value, at)];
      return [[at, describeSchema(node, error.keyword) ?? error.message]];
    }
  }
}

/** Where a union says nothing but which properties there have to be, those of its first member; else null. */
function requirementOf({ anyOf }: SchemaNode): readonly string[] | null {
  const [first] = anyOf ?? [];
  const isUnionOfNames = anyOf?.every((member) => Object.keys(member).every((word) => word === 'required'));
  return (isUnionOfNames && first?.required) || null;
}

function missingOf(
  names: readonly string[],
  value: unknown,
  at: string,
): [pointer: string, message: string, rule: string][] {
  return names
    .filter((name) => !Object.hasOwn(objectAt(value, at), name))
    .map((name) => [`${at}/${escapeName(name)}`, 'is required', 'required']);
}

/** The property that tells the members of a union apart: each has a value of its own there; null where there is none. */
function tagOf({ anyOf, oneOf }: SchemaNode): string | null {
  const [first, ...others] = anyOf ?? oneOf ?? [];
  const isTag = (name: string) => others.every(({ properties }) => properties?.[name]?.const !== undefined);
  const consts = Object.entries(first?.properties ?? {}).filter(([, node]) => node.const !== undefined);
  return others.length === 0 ? null : (consts.find(([name]) => isTag(name))?.[0] ?? null);
}

/** A union of which no member was meant has its fault in the property that tells them apart. */
function wordTag(
  { anyOf, oneOf }: SchemaNode,
  tag: string,
  value: unknown,
  at: string,
): [pointer: string, message: string, rule: string] {
  const pointer = `${at}/${escapeName(tag)}`;
  if (!Object.hasOwn(objectAt(value, at), tag)) return [pointer, 'is required', 'required'];
  const values = (anyOf ?? oneOf ?? []).map(({ properties }) => properties?.[tag] ?? {});
  return [pointer, describeSchema({ anyOf: values }, 'anyOf') ?? '', 'enum'];
}

function valueAt(value: unknown, pointer: string): unknown {
  let inner = value;
  for (const name of pointer.split('/').slice(1)) {
    inner = (inner as Record<string, unknown>)[name.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return inner;
}

function objectAt(value: unknown, pointer: string): object {
  const inner = valueAt(value, pointer);
  return typeof inner === 'object' && inner !== null ? inner : {};
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema that a path such as `#/properties/name/anyOf/0` leads to; an empty one where it leads nowhere. */
function schemaAt(schema: SchemaNode, path: string): SchemaNode {
  let inner: unknown = schema;
  for (const name of path.split('/').slice(1)) {
    if (typeof inner !== 'object' || inner === null) return {};
    inner = (inner as Record<string, unknown>)[name];
  }
  return typeof inner === 'object' && inner !== null ? inner : {};
}

function escapeName(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
