import type { Logger } from 'pino';
import { startFollower } from '../readers/follow.ts';
import type { LogReader } from '../readers/log-reader.ts';
import { listAccounts } from '../store/accounts.ts';
import { keepCounts } from '../store/counts.ts';
import { fireDueSubjects } from '../store/fire-subjects.ts';
import { fireDueTimers } from '../store/fire-timers.ts';
import { passHandOffs } from '../store/hand-offs/step.ts';
import { forgetOldAnswers } from '../store/idempotency.ts';
import type { Store } from '../store/store.ts';
import type { SubjectKeepers } from '../store/subject-timers.ts';
import { nextDueTimes } from '../store/timers.ts';
import { forgetWords, learnWords } from '../store/words.ts';
import { startDispatcher } from '../timers/dispatcher.ts';
import { forgetOldDeliveries } from '../webhooks/deliveries.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';

const HOUSEKEEPING_EVERY_MS = 600_000;

/** What runs beside requests: timers, readers of the log, and the removal of what has expired. */
export interface Workers {
  /** Ends after the work that is under way. */
  stop(): Promise<void>;
}

export interface WorkerOptions {
  readonly log: Logger;
  /** Those of the wings, beside the hall's own. */
  readonly readers?: readonly LogReader[];
  /** They fire the timers of what is no ticket. */
  readonly keepers?: SubjectKeepers;
  readonly onFired: (latenessMs: number) => void;
}

/** Starts the workers of this node. Any number of nodes may run them: rows are claimed, readers are held. */
export function startWorkers(
  store: Store,
  webhooks: Pick<Webhooks, 'readLog' | 'tells'>,
  { log, readers = [], keepers = new Map(), onFired }: WorkerOptions,
): Workers {
  const { sql, clock, kinds, directory } = store;
  const kindNames = [...kinds.keys()];
  const firing = { sql, clock, log, onCommit: store.committed, onFired };
  const dispatcher = startDispatcher({
    clock,
    log,
    nextDueTimes: async () => nextDueTimes(sql, await listAccounts(sql), kindNames),
    fireDue: async (account) =>
      (await fireDueTimers({ ...firing, kinds, directory }, account)) +
      (await fireDueSubjects({ ...firing, keepers }, account)),
  });
  store.onCommit(({ timersStarted }) => {
    for (const { dueAt } of timersStarted) dispatcher.noticed(dueAt);
  });
  const accounts = () => listAccounts(sql);
  const words = startFollower({
    name: 'words',
    log,
    accounts,
    step: async (account) => (await learnWords(sql, account)) || forgetWords(sql, account),
  });
  const counts = startFollower({
    name: 'counts',
    log,
    accounts,
    step: (account) => keepCounts(sql, account),
  });
  const handOffs = startFollower({
    name: 'hand-offs',
    log,
    accounts,
    step: (account) => passHandOffs(store, account),
  });
  store.onCommit(({ event, ticket }) => {
    if ('handOff' in event.data || 'settlement' in event.data) handOffs.wake(ticket.account);
  });
  const ofWings = readers.map(({ name, step, concerns }) => {
    const follower = startFollower({ name, log, accounts, step });
    store.onCommit((decision) => {
      if (concerns?.(decision)) follower.wake(decision.ticket.account);
    });
    return follower;
  });
  const forTargets = startFollower({ name: 'webhooks', log, accounts, step: webhooks.readLog });
  store.onCommit(({ ticket: { account } }) => {
    if (webhooks.tells(account)) forTargets.wake(account);
  });
  const housekeeping = setInterval(() => {
    clearOut(store).catch((error: unknown) => log.warn({ err: error }, 'expired records were not removed'));
  }, HOUSEKEEPING_EVERY_MS);
  return {
    async stop() {
      clearInterval(housekeeping);
      const workers = [dispatcher, words, counts, handOffs, forTargets, ...ofWings];
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

async function clearOut({ sql, clock }: Store): Promise<void> {
  for (const account of await listAccounts(sql)) {
    await forgetOldAnswers(sql, account, clock.now());
    await forgetOldDeliveries(sql, account, clock.now());
  }
}
