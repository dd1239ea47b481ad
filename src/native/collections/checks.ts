import { type TObject, type TSchema, Type } from 'typebox';
import type { Collection, CollectionRegistry, EntryData } from '../../core/collection.ts';
import { ENTRY_PROPERTIES, isKey } from '../../core/register-collections.ts';
import { compileSchema } from '../../http/schema-compile.ts';
import { type FieldError, invalid, type Refusal } from '../../kernel/errors.ts';

/** A collection with its schemas, compiled once. */
export interface CollectionChecks {
  readonly collection: Collection;
  readonly schema: TObject;
  /** The data in a body, without what the schema does not name, or every fault with its place. */
  checkData(
    value: EntryData,
    place?: string,
  ):
    | { readonly ok: true; readonly value: EntryData }
    | { readonly ok: false; readonly errors: readonly FieldError[] };
}

/** @throws when an entry that comes with the product does not fit its collection's schema */
export function compileCollections(collections: CollectionRegistry): CollectionChecks[] {
  return [...collections.values()].map(compileCollection);
}

function compileCollection(collection: Collection): CollectionChecks {
  // A registered collection's schema is an object.
  const schema = collection.schema as TObject;
  const compiled = compileSchema<TSchema>(schema);
  const checkData: CollectionChecks['checkData'] = (value, place) => {
    const result = compiled.check(withoutOwn(value), place);
    return result.ok ? { ok: true, value: result.value as EntryData } : result;
  };
  for (const { key, data } of collection.shipped ?? []) {
    const result = checkData(data, `/${key}`);
    if (!result.ok)
      throw new Error(`Collection ${collection.name} ships a wrong entry: ${JSON.stringify(result.errors)}`);
  }
  return { collection, schema, checkData };
}

/** What an entry has of itself is not part of its data, so that what was read can be sent back. */
function withoutOwn(value: EntryData): EntryData {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !ENTRY_PROPERTIES.includes(name)));
}

const keyText = Type.String({ minLength: 1, maxLength: 100 });
const keyNumber = Type.Union([Type.Integer({ minimum: 1 }), Type.String({ pattern: '^[1-9][0-9]{0,14}$' })]);

/** The body that makes an entry: its key, and beside it its data. */
export function createBody({ collection, schema }: CollectionChecks): TObject {
  const key =
    collection.keys === 'number'
      ? Type.Optional(Type.Union(keyNumber.anyOf, { description: 'The next number when absent.' }))
      : keyText;
  return openAs(schema, { key, ...schema.properties });
}

/** An object with these properties that is as open to others as the schema is. */
export function openAs(schema: TObject, properties: TObject['properties']): TObject {
  const { additionalProperties: open } = schema as { additionalProperties?: boolean | TSchema };
  return Type.Object(properties, open === undefined ? {} : { additionalProperties: open });
}

/** The refusal of a text that cannot be a key, null where it can. */
export function keyRefusal({ keys }: Collection, key: string, pointer: string): Refusal | null {
  if (isKey(keys, key)) return null;
  const message =
    keys === 'number'
      ? 'must be a whole number from 1 on'
      : 'must have 1 to 100 characters, no slash, no control character, no space at its ends, and be neither . nor ..';
  return invalid([{ pointer, message }]);
}
