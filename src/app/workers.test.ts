import { afterEach, beforeAll, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { asking, told } from '../../test/errands.ts';
import { silent, useStores } from '../../test/stores.ts';
import { forTheLog, until } from '../../test/until.ts';
import type { Written } from '../kernel/answer.ts';
import type { LogReader } from '../readers/log-reader.ts';
import { asker, handTo, kinds } from '../store/hand-offs/fixture/kinds.ts';
import { findLinks } from '../store/links.ts';
import { loadTicket } from '../store/load.ts';
import { startWorkers, type Workers } from './workers.ts';

const database = useDatabase();
const stores = useStores(database);
const running: Workers[] = [];
/** Nobody has webhooks. */
const noTargets = { readLog: async () => 0, tells: () => false };
beforeAll(async () => {
  await stores.account('home');
});
afterEach(async () => {
  for (const workers of running.splice(0)) await workers.stop();
});

it('the workers make what a ticket asks of another kind, and keep the counts', {
  timeout: 90_000,
}, async () => {
  const store = stores.open({ kinds });
  running.push(startWorkers(store, noTargets, { log: silent, onFired: () => {} }));
  const request = asking('home', { handTo: handTo({ party: 'other' }) }, { kind: asker });
  const { key } = told((await store.writer.create(request)) as Written);
  const parent = await loadTicket(store.sql, 'home', { key });
  const id = parent?.id ?? '';
  const links = await until(async () => (await findLinks(store.sql, 'home', [id])).get(id), forTheLog);
  expect(links.map(({ relation }) => relation)).toEqual(['child']);
  await until(async () => {
    const rows =
      await store.sql`select kind, state, n from ticket_count where account = 'home' order by kind`;
    return (
      rows.map(({ kind, state, n }) => `${kind} ${state} ${n}`).join(', ') === 'errand new 1, favour new 1'
    );
  }, forTheLog);
});

it('the workers follow the log with the readers that wings bring along, at once where a commit concerns them', {
  timeout: 90_000,
}, async () => {
  const store = stores.open({ kinds });
  const looks: string[] = [];
  const reader = (name: string, concerned: boolean): LogReader => ({
    name,
    step: async (account) => {
      looks.push(`${name} ${account}`);
      return 0;
    },
    concerns: ({ ticket }) => concerned && ticket.kind === asker.name,
  });
  const readers = [reader('first', true), reader('second', false)];
  running.push(startWorkers(store, noTargets, { log: silent, readers, onFired: () => {} }));
  await until(async () => looks.includes('first home') && looks.includes('second home'), forTheLog);
  looks.length = 0;
  told((await store.writer.create(asking('home', {}, { kind: asker }))) as Written);
  const times = (name: string) => looks.filter((look) => look === `${name} home`).length;
  await until(async () => times('first') >= 5, forTheLog);
  expect(times('second')).toBeLessThan(times('first'));
});
