/** The keywords of a schema that its words come from. */
export interface SchemaNode {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly examples?: readonly unknown[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': 'a date-time such as 2026-03-01T12:00:00Z',
  date: 'a date such as 2026-03-01',
  time: 'a time such as 12:00:00Z',
  duration: 'an ISO 8601 duration such as PT72H',
  uuid: 'a UUID such as 0199b4a2-5c1e-7d3f-8a6b-2f4e6c8d0b1a',
  email: 'an e-mail address such as ana@example.com',
  uri: 'a URI such as https://example.com/',
  url: 'a URL such as https://example.com/',
  ipv4: 'an IPv4 address such as 192.0.2.1',
  ipv6: 'an IPv6 address such as 2001:db8::1',
};

/** Why a value that broke `keyword` of the schema is wrong, as what would be right; null where there are no words. */
export function describeSchema(schema: SchemaNode, keyword: string): string | null {
  switch (keyword) {
    case 'type':
    case 'const':
    case 'enum':
    case 'anyOf':
    case 'oneOf':
      return `must be ${nounOf(schema)}`;
    case 'format':
      return `must be ${FORMATS[schema.format ?? ''] ?? `a valid ${schema.format}`}`;
    case 'pattern':
      return `must match the pattern ${schema.pattern}${schema.examples ? `, such as ${schema.examples[0]}` : ''}`;
    case 'minLength':
      return `must have at least ${count(schema.minLength, 'character')}`;
    case 'maxLength':
      return `must have at most ${count(schema.maxLength, 'character')}`;
    case 'minItems':
      return `must have at least ${count(schema.minItems, 'item')}`;
    case 'maxItems':
      return `must have at most ${count(schema.maxItems, 'item')}`;
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `must be ${numberNoun(schema, keyword)}`;
    case 'multipleOf':
      return `must be a multiple of ${schema.multipleOf}`;
    case 'uniqueItems':
      return 'must not have the same item twice';
    default:
      return null;
  }
}

function nounOf(schema: SchemaNode): string {
  const values = valuesOf(schema);
  if (values) return `one of ${values.map(String).join(', ')}`;
  // Beside a type, alternatives say more of it; alone, they are what it is.
  const members = schema.type === undefined ? (schema.anyOf ?? schema.oneOf) : undefined;
  if (members) return [...new Set(members.map(nounOf))].join(' or ');
  if (schema.format !== undefined && FORMATS[schema.format]) return FORMATS[schema.format] ?? '';
  switch (schema.type) {
    case 'integer':
    case 'number':
      return numberNoun(schema, null);
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
      return 'an object';
    case 'null':
      return 'null';
    default:
      return `a ${schema.type ?? 'valid value'}`;
  }
}

/** The values that an enumeration allows, however it is written; null where the schema is none. */
function valuesOf(schema: SchemaNode): readonly unknown[] | null {
  if (schema.enum) return schema.enum;
  if (schema.const !== undefined) return [schema.const];
  if (!schema.anyOf) return null;
  const values = schema.anyOf.map(valuesOf);
  return values.every((list) => list !== null) ? values.flat() : null;
}

/** @param broken the bound that was broken; of the bounds that every integer has, only this one is named */
function numberNoun(schema: SchemaNode, broken: string | null): string {
  const noun = schema.type === 'integer' ? 'an integer' : 'a number';
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (exclusiveMinimum !== undefined) return `${noun} above ${exclusiveMinimum}`;
  if (exclusiveMaximum !== undefined) return `${noun} below ${exclusiveMaximum}`;
  const low = broken === 'minimum' || minimum !== Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const high = broken === 'maximum' || maximum !== Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (low !== undefined && high !== undefined) return `${noun} from ${low} to ${high}`;
  if (low !== undefined) return `${noun} of at least ${low}`;
  return high === undefined ? noun : `${noun} of at most ${high}`;
}

function count(number: number | undefined, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
