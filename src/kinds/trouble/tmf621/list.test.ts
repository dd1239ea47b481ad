import { beforeAll, describe, expect, it } from 'vitest';
import type { TestAnswer } from '../../../../test/server.ts';
import { openTicket, transact } from '../ossj/fixture/tickets.ts';
import { BASES, bodyFor, checked, open, party, useTmf, VERSIONS } from './fixture/tmf-server.ts';

const tmf = useTmf();
const ids: string[] = [];

const idsOf = ({ body }: TestAnswer): string[] => body.map(({ id }: { id: string }) => id);
const ossj = (key: string) => tmf.server.as({ id: key === 'redco' ? 'to' : 'tu', party: key });

/** Six tickets: four by this contract, one by OSS/J, and one that strangers opened upon the account. */
beforeAll(async () => {
  const tu = tmf.tu('v4');
  const bodies = [
    { severity: 'Major', ticketType: 'Line', externalId: 'L-1' },
    { severity: 'Minor', ticketType: 'Line', status: 'inProgress' },
    { severity: 'Critical', ticketType: 'Bill', description: 'Paid, twice' },
    { severity: 'Fatal', ticketType: 'Bill', priority: 'Someday' },
  ];
  for (const body of bodies) {
    ids.push(await open(tu, 'v4', body));
    tmf.clock.advance(1000);
  }
  ids.push(await openTicket(ossj('onivia'), { preferredPriority: 2, troubleType: 'FTTH' }));
  tmf.clock.advance(1000);
  const stranger = checked('v4', tmf.server.as({ party: 'stranger' }));
  ids.push(
    (
      await stranger(
        'POST',
        '/troubleTicket',
        bodyFor('v4', { relatedParty: [party('v4', 'owner', 'default')] }),
      )
    ).body.id,
  );
  await transact(ossj('redco'), ids[4] ?? '', { baseTroubleTicketState: 'DEFERRED.AWAITING-CANCELATION' });
});

const at = (...places: number[]) => places.map((place) => ids[place] ?? '');

describe.each(VERSIONS)('the list in %s', (version) => {
  it('gives the caller’s tickets, the newest first, and counts them', async () => {
    const answer = await tmf.tu(version)('GET', '/troubleTicket');
    expect(idsOf(answer)).toEqual(at(4, 3, 2, 1, 0));
    expect(answer.headers).toMatchObject({ 'x-total-count': '5', 'x-result-count': '5' });
    expect(answer.headers).not.toHaveProperty('link');
    expect(idsOf(await tmf.to(version)('GET', '/troubleTicket'))).toEqual(at(4, 3, 2, 1, 0));
    expect(idsOf(await tmf.staff(version)('GET', '/troubleTicket'))).toEqual(at(5));
    const all = await tmf.staff(version, ['tickets.read'])(
      'GET',
      '/troubleTicket?status=pending,acknowledged',
    );
    expect(idsOf(all)).toEqual(at(5, 4, 3, 2, 0));
    expect(all.headers['x-total-count']).toBe('5');
  });

  it.each([
    ['severity=Major', [4, 0]],
    ['severity=Fatal', [3]],
    ['severity=Critical,Minor', [2, 1]],
    ['severity=Critical&severity=Minor', [2, 1]],
    ['severity=Major&ticketType=Line&status=acknowledged', [0]],
    ['ticketType=FTTH', [4]],
    ['status=pending', [4]],
    ['status=inProgress,pending', [4, 1]],
    ['status=pending&status=inProgress', [4, 1]],
    ['status=nanana', []],
    ['priority=Someday', [3]],
    ['priority=Medium', [4, 2, 1, 0]],
    ['description=Paid,%20twice', [2]],
    ['name=nobody', []],
    ['relatedParty.id=redco', [4, 3, 2, 1, 0]],
    ['relatedParty.id=stranger', []],
    ['creationDate.gt=2026-03-02T09:00:00Z&creationDate.lte=2026-03-02T09:00:02Z', [2, 1]],
    ['creationDate=2026-03-02T09:00:01.000Z', [1]],
    ['lastUpdate.lt=2026-03-02T09:00:01Z', [0]],
  ] as const)('narrowed by %s', async (query, places) => {
    const answer = await tmf.tu(version)('GET', `/troubleTicket?${query}`);
    expect(idsOf(answer)).toEqual(at(...places));
    expect(answer.headers).toMatchObject({
      'x-total-count': String(places.length),
      'x-result-count': String(places.length),
    });
  });

  it('narrowed by ids of this system and of others', async () => {
    const tu = tmf.tu(version);
    expect(idsOf(await tu('GET', `/troubleTicket?id=${ids[2]},${ids[0]},RED-999,x`))).toEqual(at(2, 0));
    const external = version === 'v4' ? 'externalId' : 'externalIdentifier.id';
    expect(idsOf(await tu('GET', `/troubleTicket?${external}=L-1`))).toEqual(at(0));
  });

  it('gives the attributes that are asked for', async () => {
    const tu = tmf.tu(version);
    const always = (id: string) =>
      version === 'v4' ? {} : { id, href: `${BASES.v5}/troubleTicket/${id}`, '@type': 'TroubleTicket' };
    const answer = await tmf.server.as({ id: 'tu', party: 'onivia' })(
      'GET',
      `${BASES[version]}/troubleTicket?fields=description,nothing&limit=1&offset=2`,
    );
    expect(answer.body).toEqual([{ description: 'Paid, twice', ...always(ids[2] ?? '') }]);
    const one = await tmf.server.as({ id: 'tu', party: 'onivia' })(
      'GET',
      `${BASES[version]}/troubleTicket/${ids[2]}?fields=severity,%20status`,
    );
    expect(one.body).toEqual({ severity: 'Critical', status: 'acknowledged', ...always(ids[2] ?? '') });
    expect((await tu('GET', '/troubleTicket?fields=id,href')).body[0]).toHaveProperty('id');
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=99999999999999999999', 'limit'],
    ['offset=-1', 'offset'],
    ['offset=1000001', 'offset'],
    ['offset=1e3', 'offset'],
    ['colour=red', 'colour'],
    ['severity.gt=Major', 'severity.gt'],
    ['creationDate.gt=yesterday', 'creationDate.gt'],
    ['lastUpdate=2026-02-30T00:00:00Z', 'lastUpdate'],
    ['limit=1&limit=2', 'limit'],
    ['__proto__=1', '__proto__'],
    ['constructor=1', 'constructor'],
    ['severity=%00', 'severity'],
  ])('refuses %s and names it', async (query, name) => {
    const answer = await tmf.tu(version)('GET', `/troubleTicket?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].pointer).toBe(`/query/${name}`);
  });
});

async function walk(path: string, rel: 'next' | 'prev'): Promise<string[][]> {
  const tu = tmf.server.as({ id: 'tu', party: 'onivia' });
  const pages: string[][] = [];
  let url: string | undefined = path;
  while (url !== undefined) {
    const answer: TestAnswer = await tu('GET', url);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers['x-total-count']).toBe('5');
    pages.push(idsOf(answer));
    url = linkOf(answer, rel);
  }
  return pages;
}

function linkOf({ headers }: TestAnswer, rel: string): string | undefined {
  return new RegExp(`<([^>]+)>; rel="${rel}"`).exec(String(headers.link ?? ''))?.[1];
}

describe('pages', () => {
  it('are counted off in version 4, on to the last and back to the first', async () => {
    const list = `${BASES.v4}/troubleTicket?limit=2`;
    expect(await walk(list, 'next')).toEqual([at(4, 3), at(2, 1), at(0)]);
    expect(await walk(`${list}&offset=4`, 'prev')).toEqual([at(0), at(2, 1), at(4, 3)]);
    expect(idsOf(await tmf.tu('v4')('GET', '/troubleTicket?offset=1000000'))).toEqual([]);
  });

  it.each([
    ['', [4, 3, 2, 1, 0]],
    ['&sort=-creationDate', [4, 3, 2, 1, 0]],
    ['&sort=creationDate', [0, 1, 2, 3, 4]],
    ['&sort=lastUpdate', [0, 1, 2, 3, 4]],
    ['&sort=-lastUpdate', [4, 3, 2, 1, 0]],
  ])('are found by cursors in version 5, in the order of %j', async (sort, order) => {
    const list = `${BASES.v5}/troubleTicket?limit=2${sort}`;
    const pages = await walk(list, 'next');
    expect(pages).toEqual([at(...order.slice(0, 2)), at(...order.slice(2, 4)), at(...order.slice(4))]);
    const tu = tmf.server.as({ id: 'tu', party: 'onivia' });
    const second = await tu('GET', linkOf(await tu('GET', list), 'next') ?? '');
    const third = await tu('GET', linkOf(second, 'next') ?? '');
    expect(linkOf(third, 'next')).toBeUndefined();
    const back = await tu('GET', linkOf(third, 'prev') ?? '');
    expect(idsOf(back)).toEqual(idsOf(second));
    const first = await tu('GET', linkOf(back, 'prev') ?? '');
    expect(idsOf(first)).toEqual(at(...order.slice(0, 2)));
    expect(linkOf(first, 'prev')).toBeUndefined();
  });

  it.each([
    ['sort=severity', 'sort'],
    ['before=abc', 'before'],
    ['after=abc', 'after'],
    ['filter=x', 'filter'],
    ['filter=$..severity', 'filter'],
    ["filter=$[?(@.severity=~'M.*')]", 'filter'],
    ["filter=$[?(@.severity=='Major'||@.severity=='Minor')]", 'filter'],
    ["filter=$[?(@.colour=='red')]", 'filter'],
    ['filter=attachment[?(@size==300)]', 'filter'],
  ])('of version 5 refuse %s', async (query, name) => {
    const answer = await tmf.tu('v5')('GET', `/troubleTicket?${encodeURI(query)}`);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: `/query/${name}` }] } });
  });

  it('of version 5 refuse two cursors, and a cursor of another order', async () => {
    const tu = tmf.server.as({ id: 'tu', party: 'onivia' });
    const next = linkOf(await tu('GET', `${BASES.v5}/troubleTicket?limit=2`), 'next') ?? '';
    const after = new URL(next, 'http://x').searchParams.get('after');
    for (const query of [
      `after=${after}&before=${after}`,
      `after=${after}&offset=1`,
      `after=${after}&sort=lastUpdate`,
    ]) {
      expect((await tmf.tu('v5')('GET', `/troubleTicket?${query}`)).status).toBe(400);
    }
  });
});

it.each([
  ["$[?(@.severity=='Major')]", [4, 0]],
  ['[?(@.severity == \'Major\' && @.ticketType == "Line")]', [0]],
  ["$.[?(@.description=='Paid, twice')]", [2]],
  ["$[?(@.name=='a && b')]", []],
  ["$[?(@.creationDate>='2026-03-02T09:00:02Z' && @.creationDate<'2026-03-02T09:00:03Z')]", [2]],
  ["externalIdentifier[?(@.id=='L-1')]", [0]],
  ["$[?(@.status=='pending')]", [4]],
])('version 5 filters by %s', async (filter, places) => {
  const answer = await tmf.tu('v5')('GET', `/troubleTicket?filter=${encodeURIComponent(filter)}`);
  expect(idsOf(answer)).toEqual(at(...places));
});
