import { type Static, Type } from 'typebox';
import type { Catalogue, Collection, EntryData } from '../src/core/collection.ts';
import { registerCollections } from '../src/core/register-collections.ts';
import type { FieldError } from '../src/kernel/errors.ts';

/** Small, with text keys, and some that come with the product. */
export const colors: Collection = {
  name: 'colors',
  label: 'Colours',
  one: 'colour',
  kind: 'errand',
  keys: 'text',
  size: 'small',
  schema: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 40 }),
    hex: Type.Optional(Type.String({ pattern: '^#[0-9a-f]{6}$' })),
  }),
  shipped: [
    { key: 'black', data: { name: 'Black', hex: '#000000' } },
    { key: 'red', data: { name: 'Red' } },
  ],
};

/** Small, with number keys; a shelf names a colour and some topics. */
export const shelves: Collection = {
  name: 'shelves',
  label: 'Shelves',
  one: 'shelf',
  kind: 'errand',
  keys: 'number',
  size: 'small',
  schema: Type.Object({
    name: Type.String({ minLength: 1 }),
    color: Type.Optional(Type.String()),
    topics: Type.Optional(Type.Array(Type.String())),
    places: Type.Optional(Type.Integer({ minimum: 1 })),
    locked: Type.Optional(Type.Boolean()),
  }),
  references: { color: 'colors', topics: 'topics' },
};

const topic = Type.Object({
  name: Type.String({ minLength: 1 }),
  level: Type.Integer({ minimum: 1, maximum: 3 }),
  parent: Type.Optional(Type.String()),
  translations: Type.Optional(Type.Record(Type.String(), Type.String())),
});

/** A tree of three levels, which can be searched. */
export const topics: Collection = {
  name: 'topics',
  label: 'Topics',
  one: 'topic',
  kind: 'errand',
  keys: 'text',
  size: 'small',
  schema: topic,
  references: { parent: 'topics' },
  searchText: (data) => textOf(data as Static<typeof topic>),
  check: ({ data }, catalogue) => checkTopic(data, catalogue),
};

function textOf({ name, translations = {} }: Static<typeof topic>): string {
  return [name, ...Object.values(translations)].join(' ');
}

function checkTopic(data: EntryData, catalogue: Catalogue): FieldError[] {
  const { level, parent } = data as Static<typeof topic>;
  if (parent === undefined)
    return level === 1 ? [] : [{ pointer: '/parent', message: 'is required below level 1' }];
  const above = catalogue.entry('topics', parent)?.data as Static<typeof topic> | undefined;
  return above?.level === level - 1 ? [] : [{ pointer: '/level', message: 'must be one below its parent’s' }];
}

/** Large, with a second name, and with a search. */
export const people: Collection = {
  name: 'people',
  label: 'People',
  one: 'person',
  kind: 'errand',
  keys: 'number',
  size: 'large',
  schema: Type.Object({
    name: Type.String({ minLength: 1 }),
    email: Type.Optional(Type.String()),
    shelf: Type.Optional(Type.Integer()),
  }),
  references: { shelf: 'shelves' },
  alias: ({ email }) => (typeof email === 'string' ? email : null),
  searchText: ({ name, email = '' }) => `${name} ${email}`,
};

/** Reference data with every feature that the hall has, so that its tests need no wing. */
export const collections = registerCollections([colors, shelves, topics, people]);
