import { beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../../test/actors.ts';
import { moving } from '../../../test/errands.ts';
import { useServer } from '../../../test/server.ts';
import { forTheLog, until } from '../../../test/until.ts';
import { passHandOffs } from '../../store/hand-offs/step.ts';
import { readTimeline } from '../../store/log.ts';
import { done, openTicket, putAll } from './api/fixture/care-server.ts';
import { createCareContract } from './api/routes.ts';
import { careCollections } from './collections.ts';
import { receivers, receivingErrand } from './fixture/receiving-errand.ts';
import { careKind } from './kind.ts';

const server = useServer({
  kinds: [careKind, receivingErrand],
  collections: careCollections(receivers),
  contracts: (store) => [createCareContract(store)],
  parties: ['field'],
});
const agent = server.as({ id: 'agent', permissions: ['care.work'] });
const idOf = async (id: string) => (await agent('GET', `/v1/tickets/${id}`)).body;

beforeAll(async () => {
  const department = (label: string, handOff: object) => ({ key: label, data: { label, handOff } });
  await putAll(server.store, 'departments', [
    department('field', { kind: 'errand', queue: 'round', party: 'field' }),
  ]);
});

/** Lets the reader of the log go on until what it has done shows. */
async function passedUntil(shows: () => Promise<boolean>): Promise<void> {
  await until(async () => {
    await passHandOffs(server.store, 'default');
    return shows();
  }, forTheLog);
}

async function comments(id: string): Promise<string[]> {
  const events = await readTimeline(server.store.sql, 'default', id, 0, 100);
  return events
    .filter(({ type }) => type === 'ticket.commented')
    .map(({ data }) => `${data.visibility}: ${data.body}`);
}

describe('an escalation to a department that hands over', { timeout: 180_000 }, () => {
  it('makes a ticket of another kind, links it, and hears of its end', async () => {
    const id = await openTicket(agent);
    const body = { department: 'field', statusReason: 'door locked' };
    const escalated = await agent('POST', `/v2/tickets/${id}/escalate`, body);
    expect(escalated.status).toBe(200);
    // The ticket that will be made is noted on this one: its version is not the last one.
    expect(escalated.headers).not.toHaveProperty('etag');
    const [own] = escalated.body.metadata.childrenLinks;
    expect(own).not.toHaveProperty('ticketId');

    const link = async () => (await idOf(id)).metadata.childrenLinks;
    await passedUntil(async () => (await link())[0].ticketId !== undefined);
    const [made, ...others] = await link();
    expect(others).toEqual([]);
    expect(made).toEqual({ ...own, ticketId: expect.stringMatching(/^RED-\d+$/) });
    const [errand] = await server.store.sql`
      select title, queue, owner, external_reference as reference from ticket where key = ${made.ticketId}`;
    const [parent] = await server.store.sql`select key from ticket where id = ${id}`;
    expect(errand).toEqual({
      title: 'delivery - wrong address',
      queue: 'round',
      owner: 'field',
      reference: parent?.key,
    });
    const listed = (await agent('GET', '/v1/tickets?pageSize=100')).body.list;
    expect(listed.find((ticket: { id: string }) => ticket.id === id).metadata.childrenLinks).toEqual([made]);

    const field = actorOf('default', 'field');
    for (const name of ['accept', 'resolve'] as const) {
      const written = await server.store.writer.change(moving({ key: made.ticketId }, name, field));
      expect(written.ok).toBe(true);
    }
    await passedUntil(async () => (await comments(id)).length > 1);
    const told = await comments(id);
    expect(told.at(-1)).toContain(made.ticketId);
    expect(told.every((comment) => comment.startsWith('internal: '))).toBe(true);
    expect((await idOf(id)).status).toBe('ESCALATED');
  });

  it('each time it is escalated anew, each link with its own ticket', async () => {
    const id = await openTicket(agent);
    const keys: string[] = [];
    for (const reason of ['first', 'second']) {
      const { metadata } = await done(agent, id, 'escalate', { department: 'field', statusReason: reason });
      expect(metadata.childrenLinks.at(-1)).toMatchObject({ reason });
      expect(metadata.childrenLinks.at(-1)).not.toHaveProperty('ticketId');
      await passedUntil(async () => (await idOf(id)).metadata.childrenLinks.at(-1).ticketId !== undefined);
      keys.push((await idOf(id)).metadata.childrenLinks.at(-1).ticketId);
      await done(agent, id, 'reassign', { assignee: 'agent' });
    }
    await done(agent, id, 'escalate', { statusReason: 'third' });
    const links = (await idOf(id)).metadata.childrenLinks;
    expect(links.map(({ ticketId, reason }: Record<string, string>) => [ticketId, reason])).toEqual([
      [keys[0], 'first'],
      [keys[1], 'second'],
      [id, 'third'],
    ]);
    expect(keys[0]).not.toBe(keys[1]);
  });

  it('hears why no ticket came of it', async () => {
    const id = await openTicket(agent);
    await done(agent, id, 'escalate', { department: 'field', statusReason: 'hopeless' });
    await passedUntil(async () => (await comments(id)).length > 0);
    expect((await comments(id))[0]).toContain('\n- fault Nobody is there.');
    const [link, ...others] = (await idOf(id)).metadata.childrenLinks;
    expect(others).toEqual([]);
    expect(link).not.toHaveProperty('ticketId');
  });
});
