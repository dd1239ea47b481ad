import type { Collection, CollectionRegistry } from './collection.ts';

/** What an entry has of itself on the wire; its data stands beside these. */
export const ENTRY_PROPERTIES: readonly string[] = ['key', 'version', 'shipped', 'createdAt', 'updatedAt'];

const NAME = /^[a-z]+(?:-[a-z]+)*$/;

/**
 * The collections by name.
 * @throws with every fault where they do not fit together
 */
export function registerCollections(collections: readonly Collection[]): CollectionRegistry {
  const registry = new Map(collections.map((collection) => [collection.name, collection]));
  const faults = collections.flatMap((collection) =>
    faultsOf(collection, registry).map((fault) => `Collection ${collection.name}: ${fault}`),
  );
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return registry;
}

function faultsOf(collection: Collection, registry: CollectionRegistry): string[] {
  const { name, keys, schema, references = {}, shipped = [] } = collection;
  const faults: string[] = [];
  if (!NAME.test(name)) faults.push('its name is no path segment of small letters');
  if (registry.get(name) !== collection) faults.push('another one has its name');
  const properties = 'properties' in schema ? (schema.properties as object) : null;
  if (properties === null) faults.push('its schema is no object');
  for (const own of ENTRY_PROPERTIES) {
    if (properties && Object.hasOwn(properties, own)) faults.push(`${own} is a property of every entry`);
  }
  for (const [property, to] of Object.entries(references)) {
    if (properties && !Object.hasOwn(properties, property)) faults.push(`it has no property ${property}`);
    if (!registry.has(to)) faults.push(`${property} refers to ${to}, which is no collection`);
  }
  if (new Set(shipped.map(({ key }) => key)).size < shipped.length) faults.push('it ships a key twice');
  for (const { key } of shipped) {
    if (!isKey(keys, key)) faults.push(`it ships the key ${JSON.stringify(key)}, which is none`);
  }
  return faults;
}

const NUMBER_KEY = /^[1-9][0-9]{0,14}$/;
const TEXT_KEY = /^(?! )[^\p{Cc}\p{Cs}/]{1,100}(?<! )$/u;

/** Whether a text may be a key: digits of a whole number from 1 on, or up to 100 characters that a path can carry. */
export function isKey(keys: Collection['keys'], text: string): boolean {
  return (keys === 'number' ? NUMBER_KEY : TEXT_KEY).test(text) && text !== '.' && text !== '..';
}
