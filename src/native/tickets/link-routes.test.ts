import { describe, expect, it } from 'vitest';
import { forTheLog, until } from '../../../test/until.ts';
import { useNative } from '../fixture/errand.ts';

const server = useNative();
const acme = server.as({ id: 'ana', party: 'acme' });
const blue = server.as({ id: 'bo', party: 'blue' });
const staff = server.as({ id: 'dee', permissions: ['tickets.read', 'tickets.write'] });
const reader = server.as({ id: 'rea', permissions: ['tickets.read'] });

async function errand(client = acme): Promise<{ id: string; key: string; path: string }> {
  const { body } = await client('POST', '/api/v1/tickets', { kind: 'errand', title: 'An errand' });
  return { id: body.id, key: body.key, path: `/api/v1/tickets/${body.id}` };
}

describe('links of a ticket', () => {
  it('are made, shown at both ends and taken away', async () => {
    const [child, parent] = [await errand(), await errand()];
    const made = await acme('POST', `${child.path}/links`, { relation: 'parent', ticket: parent.key });
    expect([made.status, made.headers.etag]).toEqual([201, '"2"']);
    const other = { id: parent.id, key: parent.key, kind: 'errand' };
    expect(made.body).toEqual({ relation: 'parent', ticket: other });
    expect(
      (await acme('POST', `${child.path}/links`, { relation: 'parent', ticket: parent.id })).status,
    ).toBe(200);
    const shown = { title: 'An errand', state: 'new', stateLabel: 'New', category: 'initial' };
    expect((await acme('GET', child.path)).body.links).toEqual([
      { relation: 'parent', ticket: { ...other, ...shown } },
    ]);
    expect((await acme('GET', parent.path)).body.links).toEqual([
      { relation: 'child', ticket: { id: child.id, key: child.key, kind: 'errand', ...shown } },
    ]);
    const timeline = (await acme('GET', `${child.path}/timeline`)).body.items;
    expect(timeline.at(-1)).toMatchObject({
      type: 'ticket.linked',
      from: 'new',
      to: 'new',
      data: { relation: 'parent', other },
    });
    const url = `${parent.path}/links?relation=child&ticket=${child.key}`;
    const gone = await acme('DELETE', url);
    expect([gone.status, gone.text, gone.headers.etag]).toEqual([204, '', '"2"']);
    expect((await acme('DELETE', url)).status).toBe(204);
    expect((await acme('GET', child.path)).body.links).toEqual([]);
  });

  it('lead only to tickets that the reader sees', async () => {
    const [mine, theirs] = [await errand(), await errand(blue)];
    const refused = await acme('POST', `${mine.path}/links`, { relation: 'related', ticket: theirs.key });
    expect(refused.status).toBe(400);
    expect(refused.body.errors).toEqual([{ pointer: '/ticket', message: 'is not a ticket that you see' }]);
    await staff('POST', `${mine.path}/links`, { relation: 'related', ticket: theirs.key });
    expect((await staff('GET', mine.path)).body.links).toHaveLength(1);
    expect((await acme('GET', mine.path)).body.links).toEqual([]);
    expect((await blue('GET', theirs.path)).body.links).toEqual([]);
  });

  it('are not told to a party in the history either, if somebody else made them', async () => {
    const [mine, theirs] = [await errand(), await errand(blue)];
    await staff('POST', `${mine.path}/links`, { relation: 'related', ticket: theirs.key });
    const types = async (client: typeof acme) =>
      (await client('GET', `${mine.path}/timeline`)).body.items.map(({ type }: { type: string }) => type);
    expect(await types(staff)).toEqual(['ticket.created', 'ticket.linked']);
    expect(await types(acme)).toEqual(['ticket.created']);
    const next = await until(async () => {
      const { body } = await acme('GET', '/api/v1/events?limit=1000');
      return body.events.at(-1)?.subject === mine.key ? body.next : null;
    }, forTheLog);
    await staff('DELETE', `${mine.path}/links?relation=related&ticket=${theirs.key}`);
    await acme('POST', `${mine.path}/comments`, { body: 'Any news?', visibility: 'public' });
    const events = await until(async () => {
      const { body } = await acme('GET', `/api/v1/events?after=${next}`);
      return body.events.length > 0 ? body.events : null;
    }, forTheLog);
    expect(events.map(({ type }: { type: string }) => type)).toEqual(['tessera.ticket.commented']);
  });

  it('are refused without a role, in a circle, and with wrong input', async () => {
    const [a, b] = [await errand(), await errand()];
    const send = async (client: typeof acme, body: object, path = a.path) => {
      const answer = await client('POST', `${path}/links`, body);
      return [answer.status, answer.body.errors?.[0]?.pointer ?? answer.body.code];
    };
    const parent = { relation: 'parent', ticket: b.key };
    expect(await send(reader, parent)).toEqual([403, 'forbidden']);
    expect(await send(blue, parent)).toEqual([404, 'ticketNotFound']);
    expect(await send(acme, { relation: 'friend', ticket: b.key })).toEqual([400, '/relation']);
    expect(await send(acme, { relation: 'parent' })).toEqual([400, '/ticket']);
    expect(await send(acme, { relation: 'parent', ticket: 'no such' })).toEqual([400, '/ticket']);
    expect(await send(acme, parent)).toEqual([201, undefined]);
    expect(await send(acme, { relation: 'parent', ticket: a.key }, b.path)).toEqual([400, '/ticket']);
    expect(await send(acme, { relation: 'parent', ticket: a.key })).toEqual([400, '/ticket']);
    const removed = await acme('DELETE', `${a.path}/links?relation=parent&ticket=none`);
    expect(removed.body.errors).toEqual([
      { pointer: '/query/ticket', message: 'is not a ticket that you see' },
    ]);
  });

  it('are told again under their key, and made on the version that is meant', async () => {
    const [a, b] = [await errand(), await errand()];
    const body = { relation: 'duplicate', ticket: b.key };
    const headers = { 'idempotency-key': `link-${a.key}` };
    expect((await acme('POST', `${a.path}/links`, body, { 'if-match': '"4"' })).status).toBe(412);
    const first = await acme('POST', `${a.path}/links`, body, { ...headers, 'if-match': '"1"' });
    const again = await acme('POST', `${a.path}/links`, body, { ...headers, 'if-match': '"1"' });
    expect([again.status, again.text, again.headers['idempotency-replayed']]).toEqual([
      201,
      first.text,
      'true',
    ]);
  });
});
