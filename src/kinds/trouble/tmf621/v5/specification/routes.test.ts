import { describe, expect, it } from 'vitest';
import { BASES, START, useTmf } from '../../fixture/tmf-server.ts';

const tmf = useTmf();
const PATH = '/troubleTicketSpecification';
const keeper = () => tmf.staff('v5', ['catalogue.write', 'trouble.operate']);

const DISPUTE = {
  name: 'Bill dispute',
  description: 'What a dispute has to tell.',
  lifecycleStatus: 'active',
  version: '1',
  validFor: { startDateTime: '2026-01-01T00:00:00Z' },
  relatedParty: [
    {
      role: 'approver',
      partyOrPartyRole: {
        id: '6678',
        name: 'Sara Smith',
        '@type': 'PartyRef',
        '@referredType': 'Individual',
      },
      '@type': 'RelatedPartyRefOrPartyRoleRef',
    },
  ],
  specCharacteristic: [
    {
      id: '1',
      name: 'amount',
      valueType: 'number',
      configurable: true,
      minCardinality: 0,
      maxCardinality: 1,
      charSpecRelationship: [
        {
          name: 'reason',
          relationshipType: 'dependency',
          '@type': 'CharacteristicSpecificationRelationship',
        },
      ],
      characteristicValueSpecification: [
        { value: 'EUR', isDefault: true, '@type': 'StringCharacteristicValueSpecification' },
      ],
      '@type': 'CharacteristicSpecification',
    },
  ],
};

async function make(more: Record<string, unknown> = {}): Promise<string> {
  const answer = await keeper()('POST', PATH, { ...DISPUTE, ...more });
  expect(answer, answer.text).toMatchObject({ status: 201 });
  return answer.body.id;
}

describe('a specification', () => {
  it('is made whole, read by everybody who reads tickets, and shown among the reference data', async () => {
    const made = await keeper()('POST', PATH, { ...DISPUTE, '@type': 'TroubleTicketSpecification' });
    const { id } = made.body;
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      ...DISPUTE,
      id,
      href: `${BASES.v5}${PATH}/${id}`,
      creationDate: START,
      lastUpdate: START,
      '@type': 'TroubleTicketSpecification',
    });
    expect(made.headers).toMatchObject({ location: made.body.href, etag: '"1"' });
    const read = await tmf.tu('v5')('GET', `${PATH}/${id}`);
    expect(read.body).toEqual(made.body);
    const part = await tmf.tu('v5')('GET', `${PATH}/${id}?fields=name`);
    expect(part.body).toEqual({
      id,
      href: made.body.href,
      name: 'Bill dispute',
      '@type': 'TroubleTicketSpecification',
    });
  });

  it('is changed by each kind of patch, held to If-Match, and deleted', async () => {
    const client = keeper();
    const id = await make();
    const path = `${PATH}/${id}`;
    const patch = (body: unknown, type: string, headers = {}) =>
      client('PATCH', path, body, { 'content-type': type, ...headers });
    expect((await patch({ version: '2', description: null }, 'application/json')).body).toMatchObject({
      version: '2',
    });
    expect(
      (await patch({ validFor: { startDateTime: null } }, 'application/merge-patch+json')).body,
    ).toMatchObject({
      validFor: {},
    });
    const steps = [{ op: 'replace', path: '/specCharacteristic/0/name', value: 'sum' }];
    expect((await patch(steps, 'application/json-patch+json')).body.specCharacteristic[0].name).toBe('sum');
    const query = [{ op: 'replace', path: '/specCharacteristic?id=1/valueType', value: 'integer' }];
    const last = await patch(query, 'application/json-patch-query+json');
    expect(last.body.specCharacteristic[0]).toMatchObject({ name: 'sum', valueType: 'integer' });
    expect(last.headers.etag).toBe('"5"');
    const stale = await patch({ name: 'x' }, 'application/json', { 'if-match': '"1"' });
    expect(stale.status).toBe(412);
    const refused = await patch({ id: '9', creationDate: START, name: null }, 'application/json');
    expect(refused.status).toBe(400);
    expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/id', '/name']);
    expect((await client('GET', path)).body).toEqual(last.body);
    expect((await client('DELETE', path)).status).toBe(204);
    expect((await client('GET', path)).status).toBe(404);
    expect((await client('DELETE', path)).status).toBe(404);
    expect((await patch({ name: 'x' }, 'application/json')).status).toBe(404);
  });

  it('is not for other parties to change, nor for strangers to read', async () => {
    const id = await make();
    const partner = tmf.server.as({ party: 'onivia', permissions: ['catalogue.write'] });
    const url = `${BASES.v5}${PATH}`;
    expect((await partner('POST', url, DISPUTE)).status).toBe(403);
    expect((await partner('DELETE', `${url}/${id}`)).status).toBe(403);
    expect((await tmf.tu('v5')('PATCH', `${PATH}/${id}`, { name: 'x' })).status).toBe(403);
    expect((await tmf.staff('v5', [])('GET', PATH)).status).toBe(403);
    expect((await tmf.server.as({ account: 'other', party: 'onivia' })('GET', `${url}/${id}`)).status).toBe(
      404,
    );
  });

  it('needs a name, and names every fault', async () => {
    const answer = await keeper()('POST', PATH, { specCharacteristic: [{ valueType: 1 }], version: 2 });
    expect(answer.status).toBe(400);
    expect(new Set(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer))).toEqual(
      new Set(['/name', '/specCharacteristic/0/name', '/specCharacteristic/0/valueType', '/version']),
    );
  });
});

describe('the list of specifications', () => {
  it('is narrowed, ordered, and paged by cursors', async () => {
    const client = tmf.server.as({ account: 'other', permissions: ['catalogue.write', 'tickets.read'] });
    const url = `${BASES.v5}${PATH}`;
    for (const [name, lifecycleStatus] of [
      ['Line', 'active'],
      ['Bill', 'active'],
      ['Mast', 'retired'],
    ] as const) {
      await client('POST', url, { name, lifecycleStatus });
    }
    const names = async (query: string) => {
      const { body } = await client('GET', `${url}?${query}`);
      return body.map(({ name }: { name: string }) => name);
    };
    expect(await names('')).toEqual(['Line', 'Bill', 'Mast']);
    expect(await names('lifecycleStatus=active&sort=name')).toEqual(['Bill', 'Line']);
    expect(await names('sort=-name&offset=1&limit=1')).toEqual(['Line']);
    expect(await names(`filter=${encodeURIComponent("$[?(@.name=='Mast')]")}`)).toEqual(['Mast']);
    const first = await client('GET', `${url}?limit=2`);
    expect(first.headers).toMatchObject({ 'x-total-count': '3', 'x-result-count': '2' });
    const link = (answer: typeof first, rel: string) =>
      new RegExp(`<([^>]+)>; rel="${rel}"`).exec(String(answer.headers.link))?.[1] ?? '';
    const second = await client('GET', link(first, 'next'));
    expect(second.body.map(({ name }: { name: string }) => name)).toEqual(['Mast']);
    expect((await client('GET', link(second, 'prev'))).body).toEqual(first.body);
  });

  it.each(['colour=red', 'sort=colour', 'filter=x', 'after=x', 'name.gt=a', 'limit=0'])(
    'refuses %s',
    async (query) => {
      const answer = await keeper()('GET', `${PATH}?${query}`);
      expect(answer).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: expect.stringMatching('^/query/') }] },
      });
    },
  );
});
