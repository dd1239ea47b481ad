import { beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../test/actors.ts';
import { useDatabase } from '../../test/database.ts';
import { asked, asking, told } from '../../test/errands.ts';
import { useStores } from '../../test/stores.ts';
import type { SeenRelation } from '../core/link.ts';
import type { Ticket } from '../core/ticket.ts';
import type { Written } from '../kernel/answer.ts';
import { commit } from './commit.ts';
import type { LinkRequest } from './link-tickets.ts';
import { findLineage, findLinks } from './links.ts';
import { loadTicket } from './load.ts';
import type { Store } from './store.ts';

const database = useDatabase();
const stores = useStores(database);
beforeAll(async () => {
  for (const account of ['seen', 'races', 'erased', 'written']) await stores.account(account);
});

async function create(account: string): Promise<Ticket> {
  const { key } = told((await stores.shared.writer.create(asking(account))) as Written);
  return (await loadTicket(stores.shared.sql, account, { key })) as Ticket;
}

function linking(
  { account, id }: Ticket,
  relation: SeenRelation,
  other: Ticket,
  more: Partial<LinkRequest> = {},
): LinkRequest {
  return {
    actor: actorOf(account, account),
    contract: 'test',
    idempotency: null,
    ref: { id },
    ifMatch: null,
    type: 'link',
    relation,
    other: { key: other.key },
    otherPointer: '/other',
    admits: () => true,
    refusal: () => null,
    answer: ({ version }, { key }, changed) => ({
      status: 200,
      headers: {},
      body: `${changed} ${key} ${version}`,
    }),
    ...more,
  };
}

async function link(...args: Parameters<typeof linking>): Promise<string> {
  const outcome = await stores.shared.writer.link(linking(...args));
  return outcome.ok ? outcome.answer.body : `${outcome.code} ${outcome.errors?.[0]?.message ?? ''}`;
}

async function linksOf({ account, id }: Ticket): Promise<[string, string][]> {
  const links = await findLinks(stores.shared.sql, account, [id]);
  return (links.get(id) ?? []).map(({ relation, other }) => [relation, other]);
}

describe('links', () => {
  it('are seen from both ends, made once, and taken away from either', async () => {
    const [a, b, c] = [await create('seen'), await create('seen'), await create('seen')];
    expect(await link(a, 'parent', b)).toBe(`true ${b.key} 2`);
    expect(await link(a, 'parent', b)).toBe(`false ${b.key} 2`);
    expect(await link(b, 'child', a)).toBe(`false ${a.key} 1`);
    expect(await link(b, 'child', c)).toBe(`true ${c.key} 2`);
    expect(await link(a, 'related', c)).toBe(`true ${c.key} 3`);
    expect(await link(c, 'related', a)).toBe(`false ${a.key} 1`);
    expect(await linksOf(a)).toEqual([
      ['parent', b.id],
      ['related', c.id],
    ]);
    expect(await linksOf(b)).toEqual([
      ['child', a.id],
      ['child', c.id],
    ]);
    const many = await findLinks(stores.shared.sql, 'seen', [a.id, b.id, c.id]);
    expect([...many].map(([, links]) => links.length)).toEqual([2, 2, 2]);
    expect(await link(c, 'related', a, { type: 'unlink' })).toBe(`true ${a.key} 2`);
    expect(await link(b, 'child', a, { type: 'unlink' })).toBe(`true ${a.key} 3`);
    expect(await link(b, 'child', a, { type: 'unlink' })).toBe(`false ${a.key} 3`);
    expect(await linksOf(a)).toEqual([]);
    const events = await stores.shared.sql`
      select type, data from event where account = 'seen' and ticket = ${b.id} order by seq offset 1`;
    const { id, key, kind } = a;
    expect(events).toEqual([
      { type: 'ticket.linked', data: { relation: 'child', other: { id: c.id, key: c.key, kind } } },
      { type: 'ticket.unlinked', data: { relation: 'child', other: { id, key, kind } } },
    ]);
  });

  it('that were there already answer a key for good', async () => {
    const [a, b] = [await create('seen'), await create('seen')];
    const idempotency = { key: `again-${a.key}`, fingerprint: 'f' };
    await link(a, 'related', b);
    const asked = linking(a, 'related', b, { idempotency });
    const first = await stores.shared.writer.link(asked);
    await link(a, 'related', b, { type: 'unlink' });
    expect(await stores.shared.writer.link(asked)).toEqual({ ...first, replayed: true });
    expect(await linksOf(a)).toEqual([]);
  });

  it('are refused to itself, to what is not seen, and where a ticket would be its own parent', async () => {
    const [a, b, c] = [await create('seen'), await create('seen'), await create('seen')];
    const stranger = await create('written');
    expect(await link(a, 'related', a)).toBe('invalidRequest must be another ticket');
    expect(await link(a, 'related', stranger, { other: { id: stranger.id } })).toBe(
      'invalidRequest is not a ticket that you see',
    );
    expect(await link(a, 'related', b, { admits: ({ id }) => id !== b.id })).toContain(
      'not a ticket that you see',
    );
    expect(await link(a, 'related', b, { ifMatch: 9 })).toBe('versionMismatch ');
    expect(await link(a, 'related', b, { ref: { key: 'RED-0' } })).toBe('ticketNotFound ');
    expect(await link(a, 'parent', b)).toContain('true');
    expect(await link(b, 'parent', c)).toContain('true');
    const circle = `invalidRequest would make ${c.key} its own parent, by way of ${a.key}`;
    expect(await link(c, 'parent', a)).toBe(circle);
    expect(await link(a, 'child', c)).toContain('its own parent');
    expect(await link(b, 'parent', a)).toContain('its own parent');
    expect(await link(a, 'parent', c)).toContain('true');
    expect(await link(c, 'related', a)).toContain('true');
    const lineage = await findLineage(stores.shared.sql, 'seen', [a.id]);
    expect(lineage.get(a.id)).toEqual(new Set([a.id, b.id, c.id]));
  });

  it('that would close a circle are not both made when they come at once', async () => {
    const nodes = [stores.open(), stores.open(), stores.open()] as [Store, Store, Store];
    for (let round = 0; round < 15; round += 1) {
      const [a, b, c] = [await create('races'), await create('races'), await create('races')];
      const outcomes = await Promise.all([
        nodes[0].writer.link(linking(a, 'parent', b)),
        nodes[1].writer.link(linking(b, 'parent', c)),
        nodes[2].writer.link(linking(a, 'child', c)),
      ]);
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(2);
      const lineage = await findLineage(stores.shared.sql, 'races', [a.id, b.id, c.id]);
      expect([...lineage.values()].map(({ size }) => size).sort()).toEqual([1, 2, 3]);
    }
  });

  it('do not stay when one of their tickets is erased at that moment', async () => {
    const nodes = [stores.open(), stores.open()] as [Store, Store];
    for (let round = 0; round < 15; round += 1) {
      const [a, b] = [await create('erased'), await create('erased')];
      const [linked] = await Promise.all([
        nodes[0].writer.link(linking(a, 'parent', b)),
        nodes[1].writer.erase({
          ...linking(a, 'parent', b),
          kind: null,
          ref: { id: b.id },
          answer: () => ({ status: 204, headers: {}, body: '' }),
        }),
      ]);
      expect(linked.ok ? 'linked' : linked.code).toMatch(/^(linked|invalidRequest)$/);
      expect(await linksOf(a)).toEqual([]);
      const rows = await stores.shared.sql`select from ticket_link where account = 'erased'`;
      expect(rows).toHaveLength(0);
    }
  });

  it('that come with a new ticket are written with it, but not to what is not there', async () => {
    const { sql } = stores.shared;
    const parent = await create('written');
    const gone = asked('written').ticket;
    const child = asked('written');
    const links = [
      { relation: 'parent' as const, other: parent.id },
      { relation: 'related' as const, other: gone.id },
    ];
    expect(await commit(sql, 'written', [{ decision: { ...child, links }, idempotency: null }])).toEqual([
      true,
    ]);
    expect(await findLinks(sql, 'written', [child.ticket.id])).toEqual(
      new Map([
        [child.ticket.id, [{ relation: 'parent', other: parent.id, createdAt: child.ticket.createdAt }]],
      ]),
    );
    expect(await linksOf(parent)).toEqual([['child', child.ticket.id]]);
  });
});
