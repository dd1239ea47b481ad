import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { Settings } from 'typebox/system';
import { Value } from 'typebox/value';
import type { FieldError } from '../kernel/errors.ts';
import { MOST_ERRORS, schemaFaults } from '../kernel/schema-faults.ts';
import { registerFormats } from './formats.ts';

Settings.Set({ maxErrors: MOST_ERRORS });
registerFormats();

/** Checks values against one schema: compiled once, used for every request. */
export interface SchemaCheck<T extends TSchema> {
  /**
   * The value without the properties that the schema does not name, or every fault with its place.
   * @param prefix put before each pointer, such as `/query`
   */
  check(
    value: unknown,
    prefix?: string,
  ): { ok: true; value: Static<T> } | { ok: false; errors: readonly FieldError[] };
}

const compiled = new WeakMap<TSchema, SchemaCheck<TSchema>>();

/**
 * Compiles a schema. Integers are bounded to what a double holds exactly, so that a literal above 2^53 is a fault
 * and not a neighbour of the number that was sent. A value that has no unknown property costs one call of a
 * compiled function; only the others are cleaned.
 */
export function compileSchema<T extends TSchema>(schema: T): SchemaCheck<T> {
  const known = compiled.get(schema) as SchemaCheck<T> | undefined;
  if (known) return known;
  const bounded = narrow(schema, false);
  const closed: Validator = Compile(narrow(schema, true));
  const open: Validator = Compile(bounded);
  const check: SchemaCheck<T> = {
    check(value, prefix = '') {
      if (closed.Check(value)) return { ok: true, value: value as Static<T> };
      if (open.Check(value)) return { ok: true, value: Value.Clean(schema, value) as Static<T> };
      return { ok: false, errors: schemaFaults(bounded, value, open.Errors(value), prefix) };
    },
  };
  compiled.set(schema, check as SchemaCheck<TSchema>);
  return check;
}

type Node = Record<string, unknown>;

const MAPS_OF_SCHEMAS = ['properties', 'patternProperties', '$defs'];
const LISTS_OF_SCHEMAS = ['anyOf', 'oneOf', 'prefixItems'];

/**
 * A copy with bounded integers; with `closed` also one that takes no property that it does not name, wherever the
 * schema leaves that open. TypeBox keeps what it needs in properties that are not enumerable: they are copied too.
 */
function narrow(schema: TSchema, closed: boolean): TSchema {
  return narrowNode(schema as Node, closed) as TSchema;
}

function narrowNode(node: Node, closed: boolean): Node {
  const copy: Node = Object.defineProperties({}, Object.getOwnPropertyDescriptors(node));
  if (copy.type === 'integer') {
    copy.minimum = Math.max(numberOr(copy.minimum, Number.MIN_SAFE_INTEGER), Number.MIN_SAFE_INTEGER);
    copy.maximum = Math.min(numberOr(copy.maximum, Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
  }
  for (const name of MAPS_OF_SCHEMAS) {
    const map = copy[name];
    if (isNode(map)) {
      copy[name] = Object.fromEntries(
        Object.entries(map).map(([key, inner]) => [key, narrowInner(inner, closed)]),
      );
    }
  }
  for (const name of LISTS_OF_SCHEMAS) copy[name] &&= narrowInner(copy[name], closed);
  for (const name of ['items', 'additionalProperties']) copy[name] &&= narrowInner(copy[name], closed);
  if (Array.isArray(copy.allOf)) {
    // The members of an intersection see each other's properties: only the whole can be closed.
    copy.allOf = copy.allOf.map((member) =>
      isNode(member) ? openRoot(narrowNode(member, closed), member) : member,
    );
    if (closed && copy.unevaluatedProperties === undefined) copy.unevaluatedProperties = false;
  }
  if (
    closed &&
    isNode(copy.properties) &&
    !copy.patternProperties &&
    copy.additionalProperties === undefined
  ) {
    copy.additionalProperties = false;
  }
  return copy;
}

function openRoot(narrowed: Node, original: Node): Node {
  if (original.additionalProperties === undefined) delete narrowed.additionalProperties;
  if (original.unevaluatedProperties === undefined) delete narrowed.unevaluatedProperties;
  return narrowed;
}

function narrowInner(inner: unknown, closed: boolean): unknown {
  if (Array.isArray(inner)) return inner.map((member) => narrowInner(member, closed));
  return isNode(inner) ? narrowNode(inner, closed) : inner;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
