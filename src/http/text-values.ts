import type { TSchema } from 'typebox';

interface TextSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly items?: TextSchema;
  readonly anyOf?: readonly TextSchema[];
  readonly properties?: Readonly<Record<string, TextSchema>>;
  readonly additionalProperties?: unknown;
}

const WHOLE = /^-?\d+$/;
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/**
 * Makes a function that reads a query, path or set of headers as its schema means it: digits become numbers and
 * `true` a boolean where the schema has such a type, one value becomes a list of one, and a missing one its default.
 * Names that the schema does not have are left out, unless it is open.
 */
export function textReader(schema: TSchema): (values: Record<string, unknown>) => Record<string, unknown> {
  const { properties = {}, additionalProperties } = schema as TextSchema;
  const fields = Object.entries(properties).map(([name, field]) => ({ name, field, read: readerOf(field) }));
  const open = additionalProperties !== undefined && additionalProperties !== false;
  return (values) => {
    const result: Record<string, unknown> = open ? { ...values } : {};
    for (const { name, field, read } of fields) {
      const value = values[name];
      if (value !== undefined) result[name] = read(value);
      else if (field.default !== undefined) result[name] = structuredClone(field.default);
    }
    return result;
  };
}

function readerOf(schema: TextSchema): (value: unknown) => unknown {
  const types = new Set(typesOf(schema));
  if (types.has('array')) {
    const read = readerOf(schema.items ?? {});
    return (value) => (Array.isArray(value) ? value : [value]).map(read);
  }
  const number = types.has('number') ? NUMBER : types.has('integer') ? WHOLE : null;
  const logical = types.has('boolean');
  if (!number && !logical) return (value) => value;
  return (value) => {
    if (typeof value !== 'string') return value;
    if (number?.test(value)) return Number(value);
    if (logical && (value === 'true' || value === 'false')) return value === 'true';
    return value;
  };
}

/** Whether the schema of a query's value takes several, so that a name may come more than once. */
export function takesList(schema: TSchema | undefined): boolean {
  return schema !== undefined && typesOf(schema as TextSchema).includes('array');
}

function typesOf(schema: TextSchema): string[] {
  if (schema.anyOf) return schema.anyOf.flatMap(typesOf);
  return schema.type === undefined ? [] : [schema.type];
}
