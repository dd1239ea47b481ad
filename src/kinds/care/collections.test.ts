import { describe, expect, it } from 'vitest';
import { type Catalogue, catalogueOf, type Entry } from '../../core/collection.ts';
import { registerCollections } from '../../core/register-collections.ts';
import { compileSchema } from '../../http/schema-compile.ts';
import { careCollections, findQueue } from './collections.ts';
import { REASON_ROWS, type ReasonRow, reasonCatalogue, reasonData } from './fixture/reasons.ts';
import { receivers } from './fixture/receiving-errand.ts';

const collections = careCollections(receivers);
const registry = registerCollections(collections);
const faultsOf = (collection: string, data: unknown) => {
  const schema = registry.get(collection)?.schema;
  if (!schema) throw new Error(`There is no collection ${collection}`);
  const result = compileSchema(schema).check(data);
  return result.ok ? [] : result.errors.map(({ pointer }) => pointer);
};

describe('the reference data of care tickets', () => {
  it('ships the departments corporate and partner-service', () => {
    expect(registry.get('departments')?.shipped).toEqual([
      { key: 'corporate', data: { label: 'Corporate' } },
      { key: 'partner-service', data: { label: 'Partner Service' } },
    ]);
  });

  it('ships nothing that its own schema would refuse', () => {
    for (const { name, shipped = [] } of collections) {
      for (const { data } of shipped) expect(faultsOf(name, data)).toEqual([]);
    }
  });

  it.each<[string, unknown, string[]]>([
    ['queues', { name: 'chat-eng-sg', language: 'english' }, []],
    ['queues', { name: '' }, ['/language', '/name']],
    ['departments', { label: 'Legal', handOff: { kind: 'desk', queue: '7', input: { a: 1 } } }, []],
    ['departments', { handOff: {} }, ['/handOff/kind', '/label']],
    ['vendors', { vertical: 'groceries' }, []],
    ['vendors', { vertical: 'Groceries' }, ['/vertical']],
    ['contact-reasons', { level: 1, translations: { en: 'Late', 'pt-BR': 'Atrasado', english: 'x' } }, []],
    ['contact-reasons', { level: 4, translations: {} }, ['/level', '/translations']],
    ['contact-reasons', { level: 1, translations: { '1': 'Late' } }, ['/translations/1']],
  ])('%s takes %j with the faults %j', (collection, data, faults) => {
    expect(faultsOf(collection, data).toSorted()).toEqual(faults);
  });
});

describe('a contact reason', () => {
  const check = (row: ReasonRow, catalogue: Catalogue = reasonCatalogue([...REASON_ROWS, row])) => {
    const { check: rule } = registry.get('contact-reasons') ?? {};
    return rule?.({ key: row[0], data: reasonData(row) }, catalogue).map(({ pointer }) => pointer);
  };

  it.each<[ReasonRow, string[]]>([
    [['3', 1, null, { en: 'Other' }], []],
    [['3', 1, '1', { en: 'Other' }], ['/parent']],
    [['1B', 2, '1', { en: 'Other' }], []],
    [['1B', 2, null, { en: 'Other' }], ['/parent']],
    [['1B', 2, '1A', { en: 'Other' }], ['/parent']],
    [['1B', 3, '1', { en: 'Other' }], ['/parent']],
    [['1B', 3, 'nowhere', { en: 'Other' }], ['/parent']],
  ])('%j has faults at %j', (row, faults) => {
    expect(check(row)).toEqual(faults);
  });
});

describe('a department', () => {
  const check = (data: Record<string, unknown>) =>
    registry.get('departments')?.check?.({ key: 'legal', data }, reasonCatalogue([]));

  it('hands over only to kinds that take tickets from others', () => {
    expect(check({ label: 'Legal' })).toEqual([]);
    expect(check({ label: 'Legal', handOff: { kind: 'errand' } })).toEqual([]);
    expect(check({ label: 'Legal', handOff: { kind: 'nothing' } })).toEqual([
      { pointer: '/handOff/kind', message: 'must be one of errand' },
    ]);
  });

  it('cannot hand over where no kind takes a ticket', () => {
    const [departments] = careCollections(new Map()).filter(({ name }) => name === 'departments');
    expect(
      departments?.check?.(
        { key: 'legal', data: { label: 'Legal', handOff: { kind: 'care' } } },
        reasonCatalogue([]),
      ),
    ).toEqual([
      {
        pointer: '/handOff/kind',
        message: 'must be absent: no kind of ticket can be made from an escalation',
      },
    ]);
  });
});

describe('findQueue', () => {
  const queue = (key: string, name: string): Entry => ({
    collection: 'queues',
    key,
    data: { name, language: 'en' },
    version: 1,
    createdAt: null,
    updatedAt: null,
  });
  const catalogue = catalogueOf(new Map([['queues', [queue('a', 'b'), queue('b', 'chat')]]]));

  it('takes the key before the name', () => {
    expect(findQueue(catalogue, 'b')?.key).toBe('b');
    expect(findQueue(catalogue, 'chat')?.key).toBe('b');
    expect(findQueue(catalogue, 'mail')).toBeNull();
  });
});
