import { parseJson } from '../../http/body.ts';

/** The parts of a JSON Schema that say how a cell is read. */
interface CellSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly items?: CellSchema;
  readonly anyOf?: readonly CellSchema[];
  readonly properties?: Readonly<Record<string, CellSchema>>;
  readonly patternProperties?: Readonly<Record<string, CellSchema>>;
  readonly additionalProperties?: unknown;
}

/** Puts a cell's text where its column says, as its schema means it. */
export type CellReader = (data: Record<string, unknown>, text: string) => void;

const NUMBER = /^-?\d+(?:\.\d+)?$/;

/**
 * The reader for a column: a property, or one within it after a dot (`translations.de`). A list is written with `|`
 * between its items, or as JSON. Null where the schema has no such property.
 */
export function cellReader(schema: object, column: string): CellReader | null {
  const path = column.split('.');
  let node: CellSchema | null = schema;
  for (const name of path) node = node && propertyOf(node, name);
  if (!node) return null;
  const read = valueReader(node);
  const last = path.pop() as string;
  return (data, text) => {
    let inner = data;
    for (const name of path) {
      inner[name] ??= {};
      inner = inner[name] as Record<string, unknown>;
    }
    inner[last] = read(text);
  };
}

function propertyOf(schema: CellSchema, name: string): CellSchema | null {
  if (name === '__proto__') return null;
  const { properties, patternProperties = {}, additionalProperties } = schema;
  if (properties && Object.hasOwn(properties, name)) return properties[name] ?? null;
  const pattern = Object.keys(patternProperties).find((one) => new RegExp(one, 'u').test(name));
  if (pattern !== undefined) return patternProperties[pattern] ?? null;
  if (typeof additionalProperties === 'object') return additionalProperties as CellSchema;
  for (const member of schema.anyOf ?? []) {
    const found = propertyOf(member, name);
    if (found) return found;
  }
  return null;
}

function valueReader(schema: CellSchema): (text: string) => unknown {
  const types = typesOf(schema);
  const items = itemsOf(schema);
  const readItem = items && valueReader(items);
  return (text) => {
    if ((types.has('number') || types.has('integer')) && NUMBER.test(text)) return Number(text);
    if (types.has('boolean') && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
    if (types.has('array') && !text.startsWith('[')) {
      return text.split('|').map((item) => (readItem ?? String)(item.trim()));
    }
    return types.has('array') || types.has('object') ? parse(text) : text;
  };
}

/** What is no JSON stays a text, which the schema then refuses with its place. */
function parse(text: string): unknown {
  const parsed = parseJson(Buffer.from(text));
  return parsed.ok ? parsed.value : text;
}

function typesOf(schema: CellSchema): ReadonlySet<string> {
  const inner = (schema.anyOf ?? []).flatMap((member) => [...typesOf(member)]);
  const listed = (schema.enum ?? []).map((value) => typeof value);
  return new Set([...inner, ...listed, ...(schema.type === undefined ? [] : [schema.type])]);
}

function itemsOf(schema: CellSchema): CellSchema | null {
  return schema.items ?? schema.anyOf?.map(itemsOf).find((items) => items !== null) ?? null;
}
