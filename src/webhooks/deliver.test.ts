import { Webhook } from 'standardwebhooks';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { type ReceivedRequest, useReceiver } from '../../test/receiver.ts';
import { until } from '../../test/until.ts';
import { inTransaction } from '../store/database.ts';
import { useHouses } from './fixture/house.ts';
import { rotateSecrets } from './secrets.ts';
import type { Target } from './target.ts';
import { lockTarget, updateTarget } from './targets.ts';

const database = useDatabase();
const houses = useHouses(database);
const receiver = useReceiver();
afterEach(() => {
  receiver.answer = () => undefined;
});

const accounts = ['sent', 'order', 'asked', 'gone', 'moved', 'dark', 'rotated', 'long', 'paused', 'shared'];
beforeAll(async () => {
  for (const account of accounts) await houses.account(account);
});

/** What came at a path. */
const at = (path: string) => receiver.requests.filter((request) => request.path === path);
const told = (path: string) => at(path).map(({ json: { key, version } }) => `${key} ${version}`);

function verify({ secrets }: Target, { headers, body }: ReceivedRequest, which = 0): unknown {
  return new Webhook(secrets[which]?.secret ?? '').verify(body, headers);
}

describe('a delivery', { timeout: 90_000 }, () => {
  it('is the payload, signed as Standard Webhooks says, and is listed with its answer', async () => {
    const target = await houses.target({ account: 'sent', url: `${receiver.url}/sent?a=b` });
    receiver.answer = () => ({ status: 202, body: 'thanks' });
    const { id, key } = await houses.ask('sent');
    await houses.readAll('sent');
    const [request] = await until(() => at('/sent?a=b').length === 1 && at('/sent?a=b'));
    expect(verify(target, request as ReceivedRequest)).toEqual({ name: 'ticket.created', key, version: 1 });
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Tessera',
      'webhook-id': expect.stringMatching(/^msg_\d+-\d+_ticket-created$/),
      'webhook-timestamp': expect.stringMatching(/^\d+$/),
      'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]+=$/),
    });
    await until(async () => (await houses.deliveries(target))[0]?.status === 'delivered');
    expect(await houses.deliveries(target)).toEqual([
      {
        account: 'sent',
        id: expect.any(String),
        webhook: target.id,
        ticket: id,
        ticketKey: key,
        position: { xid: expect.any(String), seq: expect.any(Number) },
        payload: 'ticket.created',
        status: 'delivered',
        attempts: 1,
        createdAt: expect.any(Date),
        firstAttemptAt: expect.any(Date),
        lastAttemptAt: expect.any(Date),
        nextAttemptAt: null,
        responseStatus: 202,
        responseBody: 'thanks',
        durationMs: expect.any(Number),
        error: null,
      },
    ]);
  });

  it('that fails holds up those of its ticket, in their order, and no other ticket’s', async () => {
    const account = 'order';
    const target = await houses.target({ account, url: `${receiver.url}/order` });
    const slow = await houses.ask(account);
    const quick = await houses.ask(account);
    const ofSlow = () => at('/order').filter(({ json }) => json.key === slow.key).length;
    // Put off for an hour, so that it is tried again only when it is hurried, however slow the machine is.
    const failure = { status: 500, headers: { 'retry-after': '3600' } };
    receiver.answer = ({ json }) => (json.key === slow.key && ofSlow() < 3 ? failure : {});
    for (let count = 0; count < 3; count += 1) {
      await houses.note(account, slow);
      await houses.note(account, quick);
    }
    await houses.readAll(account);
    await until(() => told('/order').filter((line) => line.startsWith(quick.key)).length === 4, {
      withinMs: 30_000,
    });
    expect(told('/order').filter((line) => line.startsWith(slow.key))).toEqual([`${slow.key} 1`]);
    await until(async () => (await houses.deliveries(target)).some(({ attempts }) => attempts === 1));
    for (let tries = 0; tries < 2; tries += 1) {
      const seen = at('/order').length;
      await houses.hurry(target, slow);
      await until(() => at('/order').length > seen);
      await until(async () => {
        const { attempts, status } = (await houses.deliveries(target))[0] ?? {};
        return attempts === tries + 2 && (tries === 0 || status === 'delivered');
      });
    }
    await until(async () => (await houses.deliveries(target)).every(({ status }) => status === 'delivered'));
    const { key } = slow;
    expect(told('/order').filter((line) => line.startsWith(key))).toEqual([
      `${key} 1`,
      `${key} 1`,
      `${key} 1`,
      `${key} 2`,
      `${key} 3`,
      `${key} 4`,
    ]);
  });

  it('that the receiver puts off is not tried before', async () => {
    const account = 'asked';
    const target = await houses.target({ account, url: `${receiver.url}/asked` });
    receiver.answer = () => ({ status: 429, headers: { 'retry-after': '3600' }, body: 'slowly' });
    await houses.ask(account);
    await houses.readAll(account);
    const [delivery] = await until(async () => {
      const found = await houses.deliveries(target);
      return found[0]?.attempts === 1 && found;
    });
    expect(delivery).toMatchObject({
      status: 'waiting',
      responseStatus: 429,
      responseBody: 'slowly',
      error: 'The answer was 429.',
    });
    const pauseMs = Number(delivery?.nextAttemptAt) - Number(delivery?.lastAttemptAt);
    expect(Math.round(pauseMs / 60_000)).toBe(60);
  });

  it('answered with 410 turns its target off, until somebody resumes it', async () => {
    const account = 'gone';
    const target = await houses.target({ account, url: `${receiver.url}/gone` });
    receiver.answer = () => ({ status: 410 });
    const ticket = await houses.ask(account);
    await houses.note(account, ticket);
    await houses.readAll(account);
    await until(async () => (await houses.find(target)).status === 'off');
    expect(await houses.find(target)).toMatchObject({
      statusReason: 'The receiver answered 410 Gone.',
      version: 2,
    });
    await houses.note(account, ticket);
    expect(await houses.shared.webhooks.readLog(account)).toBe(0);
    expect(told('/gone')).toEqual([`${ticket.key} 1`]);
    receiver.answer = () => ({});
    await resume(target);
    await houses.readAll(account);
    await until(() => told('/gone').length === 4);
    expect(told('/gone').slice(1)).toEqual([`${ticket.key} 1`, `${ticket.key} 2`, `${ticket.key} 3`]);
  });

  it('follows no redirect', async () => {
    const account = 'moved';
    const target = await houses.target({ account, url: `${receiver.url}/moved` });
    receiver.answer = () => ({ status: 307, headers: { location: `${receiver.url}/elsewhere` } });
    await houses.ask(account);
    await houses.readAll(account);
    await until(async () => (await houses.deliveries(target))[0]?.attempts === 1);
    expect((await houses.deliveries(target))[0]).toMatchObject({ status: 'waiting', responseStatus: 307 });
    expect(at('/elsewhere')).toEqual([]);
  });

  it('is not sent to a receiver that cannot be reached, and says why', async () => {
    const account = 'dark';
    const target = await houses.target({ account, url: 'http://127.0.0.1:1/' });
    await houses.ask(account);
    await houses.readAll(account);
    await until(async () => (await houses.deliveries(target))[0]?.attempts === 1);
    expect((await houses.deliveries(target))[0]).toMatchObject({
      status: 'waiting',
      responseStatus: null,
      error: 'connect ECONNREFUSED 127.0.0.1:1',
    });
  });

  it('is signed with the old secret as well, while that is valid', async () => {
    const account = 'rotated';
    const target = await houses.target({ account, url: `${receiver.url}/rotated` });
    const { store } = houses.shared;
    const rotate = (graceMs: number) =>
      inTransaction(store.sql, async (tx) => {
        const present = (await lockTarget(tx, account, target.id)) as Target;
        const now = new Date();
        return updateTarget(tx, present, { secrets: rotateSecrets(present.secrets, now, graceMs) }, now);
      });
    const rotated = await rotate(3_600_000);
    const ticket = await houses.ask(account);
    await houses.readAll(account);
    const [first] = await until(() => at('/rotated').length === 1 && at('/rotated'));
    expect(first?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    verify(rotated, first as ReceivedRequest);
    verify(target, first as ReceivedRequest);
    const last = await rotate(0);
    expect(last.secrets).toHaveLength(2);
    await houses.note(account, ticket);
    await houses.readAll(account);
    const [, second] = await until(() => at('/rotated').length === 2 && at('/rotated'));
    verify(last, second as ReceivedRequest);
    // The one before it ended at once, the very first one has its hour still.
    expect(() => verify(rotated, second as ReceivedRequest)).toThrow('No matching signature found');
    verify(target, second as ReceivedRequest);
  });

  it('keeps the beginning of an answer, whatever that is', async () => {
    const account = 'long';
    const target = await houses.target({ account, url: `${receiver.url}/long` });
    receiver.answer = () => ({
      body: Buffer.concat([Buffer.from([0, 0xff, 0x41]), Buffer.alloc(10_000_000, 'x')]),
    });
    await houses.ask(account);
    await houses.readAll(account);
    await until(async () => (await houses.deliveries(target))[0]?.status === 'delivered');
    const [delivery] = await houses.deliveries(target);
    expect(delivery?.responseBody).toBe(`\uFFFDA${'x'.repeat(998)}`);
  });

  it('waits while its target is paused, and then comes in its order', async () => {
    const account = 'paused';
    const target = await houses.target({ account, url: `${receiver.url}/paused` });
    const ticket = await houses.ask(account);
    receiver.answer = () => ({ status: 503 });
    await houses.readAll(account);
    await until(async () => (await houses.deliveries(target))[0]?.attempts === 1);
    await inTransaction(houses.shared.store.sql, async (tx) => {
      const present = (await lockTarget(tx, account, target.id)) as Target;
      await updateTarget(tx, present, { status: 'paused' }, new Date());
    });
    receiver.answer = () => ({});
    await houses.hurry(target, ticket);
    await houses.note(account, ticket);
    await until(async () => {
      const rows = await houses.shared.store.sql`
        select from pgboss.job where singleton_key = ${`${account}/${target.id}/${ticket.id}`}`;
      return rows.length === 0;
    });
    expect(told('/paused')).toEqual([`${ticket.key} 1`]);
    await resume(target);
    await houses.readAll(account);
    await until(() => told('/paused').length === 3);
    expect(told('/paused')).toEqual([`${ticket.key} 1`, `${ticket.key} 1`, `${ticket.key} 2`]);
  });

  it('is made once with several nodes, in the order of its ticket', async () => {
    const account = 'shared';
    const others = [await houses.open(), await houses.open()];
    const target = await houses.target({ account, url: `${receiver.url}/shared` });
    const tickets = await Promise.all(Array.from({ length: 8 }, () => houses.ask(account)));
    for (let count = 0; count < 5; count += 1) {
      await Promise.all(tickets.map((ticket) => houses.note(account, ticket)));
      await Promise.all([houses.shared, ...others].map(({ webhooks }) => webhooks.readLog(account)));
    }
    await Promise.all([houses.shared, ...others].map((house) => houses.readAll(account, house)));
    await until(
      async () => {
        const found = await houses.deliveries(target);
        return found.length === 48 && found.every(({ status }) => status === 'delivered');
      },
      { withinMs: 30_000 },
    );
    for (const { key } of tickets) {
      expect(told('/shared').filter((line) => line.startsWith(`${key} `))).toEqual(
        [1, 2, 3, 4, 5, 6].map((version) => `${key} ${version}`),
      );
    }
  });
});

async function resume(target: Target): Promise<void> {
  const { store, webhooks } = houses.shared;
  await inTransaction(store.sql, async (tx) => {
    await webhooks.resume(tx, (await lockTarget(tx, target.account, target.id)) as Target);
  });
  webhooks.wake();
}
