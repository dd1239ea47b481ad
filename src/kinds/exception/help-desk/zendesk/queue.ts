import type { JobQueue, Outcome, RunningJob } from '../../../../jobs/queue.ts';
import type { Store } from '../../../../store/store.ts';
import { createZendeskClient, type ZendeskFault } from './client.ts';
import { openTicket } from './open-ticket.ts';
import { report } from './report.ts';
import { zendeskAccess } from './settings.ts';
import { settleTicket } from './settle-ticket.ts';

/** Never changes: it names the jobs in the database. */
export const ZENDESK_QUEUE = 'zendesk';

/** What a job has to do for the exception that is its key. */
export interface Errand {
  readonly task: 'open' | 'settle';
  /** It was done before, as far as it went. */
  readonly isRepeated: boolean;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** When each attempt is due, after the first one. After the last one the exception shows the fault. */
export const SCHEDULE_MS: readonly number[] = [
  ...[0, 5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE],
  ...[1, 2, 4, 8, 12, 16, 20, 24].map((hours) => hours * HOUR),
];

/** An attempt has two requests at most. */
const REQUEST_MS = 10 * SECOND;
const ATTEMPT_SECONDS = 25;
const TOGETHER = 20;
/** One account's Zendesk may be slow, or have little room for requests. */
const TOGETHER_IN_ACCOUNT = 4;

export interface ZendeskQueueOptions {
  /** How long one request may take. */
  readonly requestMs?: number;
}

/** The jobs that tell Zendesk of exceptions: those of one exception run one after the other. */
export function zendeskQueue(
  store: Store,
  { requestMs = REQUEST_MS }: ZendeskQueueOptions = {},
): JobQueue<Errand> {
  return {
    name: ZENDESK_QUEUE,
    scheduleMs: SCHEDULE_MS,
    attemptWithinSeconds: ATTEMPT_SECONDS,
    together: TOGETHER,
    togetherInGroup: TOGETHER_IN_ACCOUNT,
    handle: (job) => attempt(store, job, requestMs),
  };
}

/** What is wrong is shown on the exception when no attempt is left: the job itself is done then. */
async function attempt(store: Store, job: RunningJob<Errand>, timeOutMs: number): Promise<Outcome> {
  const fault = await runErrand(store, job, timeOutMs);
  if (fault === null) return { done: true };
  // Cut short by us: it says nothing about Zendesk.
  if (job.signal.aborted) return { done: false, error: fault.fault, retryAt: store.clock.now() };
  const isLast = !fault.again || job.attempt >= SCHEDULE_MS.length;
  if (!isLast) {
    return { done: false, error: fault.fault, ...(fault.notBefore && { notBefore: fault.notBefore }) };
  }
  await report(store, job, 'fail', { fault: fault.fault });
  return { done: true };
}

/** @returns null where it is done, or there is nothing to do any more */
async function runErrand(
  store: Store,
  job: RunningJob<Errand>,
  timeOutMs: number,
): Promise<ZendeskFault | null> {
  const { account, key, data, signal } = job;
  const ticket = await store.load(account, { id: key });
  if (!ticket) return null;
  const access = zendeskAccess((await store.directory.account(account)).settings);
  if (!access) {
    return { ok: false, again: true, fault: 'Zendesk is not configured: url, email or token is missing.' };
  }
  const client = createZendeskClient({ access, now: store.clock.now, timeOutMs, signal });
  const isFirst = job.attempt === 1 && !data.isRepeated;
  const run = data.task === 'open' ? openTicket : settleTicket;
  const outcome = await run(client, ticket, isFirst);
  if (outcome === null) return null;
  if (!outcome.ok) return outcome;
  await report(store, job, outcome.transition, outcome.input);
  return null;
}
