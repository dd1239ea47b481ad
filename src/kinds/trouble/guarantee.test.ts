import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { createTestClock } from '../../../test/clock.ts';
import { useServer } from '../../../test/server.ts';
import { writeSetting } from '../../store/accounts.ts';
import { fireDueTimers } from '../../store/fire-timers.ts';
import { troubleKind } from './kind.ts';
import { CLOSE_OUT, openTicket, PARTIES, transact } from './ossj/fixture/tickets.ts';
import { createOssjContract } from './ossj/routes.ts';
import { GUARANTEE_SETTING } from './workflow.ts';

const HOUR_MS = 3_600_000;
const clock = createTestClock();
const server = useServer({
  kinds: [troubleKind],
  contracts: (store) => [createOssjContract(store)],
  clock,
  parties: PARTIES,
});

afterEach(() => writeSetting(server.store.sql, 'default', GUARANTEE_SETTING, null));

const parties = () => ({
  tu: server.as({ id: 'tu', party: 'onivia' }),
  to: server.as({ id: 'to', party: 'redco' }),
});

async function fire(): Promise<number> {
  const { sql, kinds, directory, committed } = server.store;
  const log = pino({ level: 'silent' });
  return fireDueTimers(
    { sql, clock, kinds, directory, log, onCommit: committed, onFired: () => {} },
    'default',
  );
}

const stateOf = async (id: string) =>
  (await parties().tu('GET', `/troubleTicket/${id}`)).body.baseTroubleTicketState;

it('closes a cleared ticket by itself after 72 hours, as TO12', async () => {
  const { tu, to } = parties();
  const id = await openTicket(tu);
  await transact(to, id, { baseTroubleTicketState: 'CLEARED', ...CLOSE_OUT });
  clock.advance(72 * HOUR_MS - 1);
  expect(await fire()).toBe(0);
  clock.advance(1);
  expect(await fire()).toBe(1);
  const { history } = (await tu('GET', `/troubleTicket/${id}/history`)).body;
  expect(history.at(-1)).toEqual({
    code: 'TO12',
    role: 'TO',
    party: 'redco',
    actor: 'Tessera',
    from: 'CLEARED',
    to: 'CLOSED',
    dialog: null,
    at: clock.now().toISOString(),
  });
  expect(await fire()).toBe(0);
});

it('is cancelled by TU08, kept by TU10, and starts anew with the next TO07', async () => {
  const { tu, to } = parties();
  const id = await openTicket(tu);
  const clear = { baseTroubleTicketState: 'CLEARED', ...CLOSE_OUT };
  await transact(to, id, clear);
  clock.advance(40 * HOUR_MS);
  await transact(tu, id, { baseTroubleTicketState: 'OPENACTIVE' });
  clock.advance(40 * HOUR_MS);
  expect(await fire()).toBe(0);
  await transact(to, id, clear);
  clock.advance(71 * HOUR_MS);
  await transact(tu, id, {});
  expect(await fire()).toBe(0);
  clock.advance(HOUR_MS);
  expect(await fire()).toBe(1);
  expect(await stateOf(id)).toBe('CLOSED');
});

it('lasts as long as the account’s setting says, read when the ticket is cleared', async () => {
  const { tu, to } = parties();
  const id = await openTicket(tu);
  await writeSetting(server.store.sql, 'default', GUARANTEE_SETTING, 'PT2S');
  // The directory remembers an account for a tenth of a second.
  clock.advance(1000);
  await transact(to, id, { baseTroubleTicketState: 'CLEARED', ...CLOSE_OUT });
  const early = await to('PUT', `/troubleTicket/${id}`, { dialog: 'Over', baseTroubleTicketState: 'CLOSED' });
  expect(early).toMatchObject({
    status: 409,
    body: { code: 'invalidTransition', baseTroubleTicketState: 'CLEARED' },
  });
  clock.advance(2000);
  const late = await to('PUT', `/troubleTicket/${id}`, { dialog: 'Over', baseTroubleTicketState: 'CLOSED' });
  expect(late).toMatchObject({ status: 200, body: { baseTroubleTicketState: 'CLOSED' } });
  expect(await fire()).toBe(0);
});
