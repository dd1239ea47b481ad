import { beforeAll, expect, it } from 'vitest';
import { createTestClock } from '../../test/clock.ts';
import { useDatabase } from '../../test/database.ts';
import { useReceiver } from '../../test/receiver.ts';
import { until } from '../../test/until.ts';
import { inTransaction } from '../store/database.ts';
import { ATTEMPTS_MS } from './deliver.ts';
import { useHouses } from './fixture/house.ts';

const start = new Date().toISOString();
const clock = createTestClock(start);
const database = useDatabase();
const houses = useHouses(database, { clock });
const receiver = useReceiver();
beforeAll(async () => {
  await houses.account('home');
});

it('a delivery is tried at the published times, signed anew, then given up and kept, and can be replayed', {
  timeout: 90_000,
}, async () => {
  const target = await houses.target({ account: 'home', url: `${receiver.url}/hook` });
  receiver.answer = () => ({ status: 500, body: 'down' });
  const ticket = await houses.ask('home');
  await houses.note('home', ticket);
  await houses.readAll('home');
  for (let attempts = 1; attempts <= ATTEMPTS_MS.length; attempts += 1) {
    const [delivery] = await until(async () => {
      const found = await houses.deliveries(target);
      return found[0]?.attempts === attempts && found;
    });
    if (!delivery?.nextAttemptAt) break;
    if (attempts === ATTEMPTS_MS.length - 1)
      receiver.answer = ({ json }) => ({ status: json.version === 1 ? 500 : 200, body: 'down' });
    clock.advance(delivery.nextAttemptAt.getTime() - clock.now().getTime());
    await houses.hurry(target, ticket);
  }
  await until(() => receiver.requests.length === ATTEMPTS_MS.length + 1);
  const first = receiver.requests.slice(0, ATTEMPTS_MS.length);
  const began = Number(first[0]?.headers['webhook-timestamp']);
  expect(
    first.map(({ json, headers }) => [json.version, Number(headers['webhook-timestamp']) - began]),
  ).toEqual([
    [1, 0],
    [1, 5],
    [1, 5 * 60],
    [1, 30 * 60],
    [1, 2 * 3600],
    [1, 5 * 3600],
    [1, 10 * 3600],
    [1, 14 * 3600],
    [1, 20 * 3600],
    [1, 24 * 3600],
  ]);
  expect(new Set(first.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(first.map(({ headers }) => headers['webhook-signature'])).size).toBe(ATTEMPTS_MS.length);
  expect(receiver.requests.at(-1)?.json.version).toBe(2);
  await until(async () => (await houses.deliveries(target))[1]?.status === 'delivered');
  const [given, next] = await houses.deliveries(target);
  expect(given).toMatchObject({
    status: 'failed',
    attempts: 10,
    nextAttemptAt: null,
    responseStatus: 500,
    responseBody: 'down',
    error: 'The answer was 500.',
  });
  expect(next).toMatchObject({ status: 'delivered', attempts: 1 });

  receiver.answer = () => undefined;
  const { store, webhooks } = houses.shared;
  if (!given) throw new Error('There is no delivery');
  const again = await inTransaction(store.sql, (tx) => webhooks.replay(tx, target, given));
  webhooks.wake();
  await until(() => receiver.requests.length === ATTEMPTS_MS.length + 2);
  expect(receiver.requests.at(-1)?.headers['webhook-id']).toBe(first[0]?.headers['webhook-id']);
  await until(async () => (await houses.deliveries(target))[2]?.status === 'delivered');
  expect((await houses.deliveries(target)).map(({ id, status }) => [id, status])).toEqual([
    [given.id, 'failed'],
    [next?.id, 'delivered'],
    [again?.id, 'delivered'],
  ]);
});
