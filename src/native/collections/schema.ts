import { type TObject, Type } from 'typebox';
import { nextCursor } from '../query.ts';
import { type CollectionChecks, openAs } from './checks.ts';

const nullableMoment = Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
  description: 'null: it came with the product.',
});

/** An entry on the wire: its own properties, and its data beside them. */
export function wireEntry({ schema }: CollectionChecks): TObject {
  return openAs(schema, {
    key: Type.String({ description: 'It never changes; tickets name the entry by it.' }),
    ...schema.properties,
    version: Type.Integer({
      description: 'One more with every write; the ETag. 0: it came with the product.',
    }),
    shipped: Type.Boolean({ description: 'It came with the product; to delete it brings back how it came.' }),
    createdAt: nullableMoment,
    updatedAt: nullableMoment,
  });
}

export function wireEntries(checks: CollectionChecks): TObject {
  return Type.Object({ items: Type.Array(wireEntry(checks)), next: nextCursor });
}

export const entryParams = Type.Object({ key: Type.String({ minLength: 1, maxLength: 100 }) });

/** What `GET /collections` tells of each. */
export const wireCollections = Type.Object({
  items: Type.Array(
    Type.Object({
      name: Type.String({ description: 'Its entries are at `/api/v1/{name}`.' }),
      label: Type.String(),
      one: Type.String({ description: 'What one entry is called.' }),
      kind: Type.String({ description: 'The kind of ticket that it belongs to.' }),
      keys: Type.Enum(['number', 'text']),
      size: Type.Enum(['small', 'large']),
      searchable: Type.Boolean({ description: 'Whether its list takes `q`.' }),
      references: Type.Record(Type.String(), Type.String(), {
        description: 'Properties that hold keys of another collection, and its name.',
      }),
      schema: Type.Unsafe<object>({ type: 'object', description: "The JSON Schema of an entry's data." }),
    }),
  ),
});

export const wireImport = Type.Object({
  dryRun: Type.Boolean(),
  rows: Type.Integer(),
  created: Type.Integer(),
  updated: Type.Integer(),
  unchanged: Type.Integer(),
});
