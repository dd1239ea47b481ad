import type { Logger } from 'pino';
import type { JobQueue, Outcome, RunningJob } from '../jobs/queue.ts';
import { nextAttemptAt } from '../jobs/schedule.ts';
import type { Sql } from '../store/database.ts';
import { isUnavailable } from '../store/failure.ts';
import { findHeardEvent, type HeardEvent } from '../store/heard-events.ts';
import { type AttemptParts, attempt, isTaken } from './attempt.ts';
import { type AttemptRecord, nextInLine, recordAttempt } from './deliveries.ts';
import { type Delivery, messageIdOf } from './delivery.ts';
import type { AnyPayloadFormat, Payload } from './format.ts';
import { mayHear } from './hearing.ts';
import type { Sent } from './post.ts';
import type { Target } from './target.ts';
import { findTarget, lockTarget, updateTarget } from './targets.ts';

export const DELIVERY_QUEUE = 'webhooks';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** When each attempt is made, after the first one. */
export const ATTEMPTS_MS: readonly number[] = [
  0,
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** A job says that a delivery of this line is to be made; which one, the line says. */
export interface LineJob {
  readonly webhook: string;
  readonly ticket: string;
}

/** The key of the jobs that make a ticket's deliveries for a target, one after the other. */
export function lineKey(account: string, { webhook, ticket }: LineJob): string {
  return `${account}/${webhook}/${ticket}`;
}

export interface DeliverParts extends AttemptParts {
  readonly sql: Sql;
  readonly log: Logger;
  readonly formats: ReadonlyMap<string, AnyPayloadFormat>;
}

/** The queue whose jobs make deliveries. */
export function deliveryQueue(parts: DeliverParts): JobQueue<LineJob> {
  return {
    name: DELIVERY_QUEUE,
    scheduleMs: ATTEMPTS_MS,
    attemptWithinSeconds: 30,
    together: 50,
    togetherInGroup: 10,
    handle: (job) => deliverNext(parts, job),
  };
}

const idle: Outcome = { done: true };

/**
 * Makes one attempt at the delivery that is next in a line. There is a job for each delivery that waits, and the jobs of a line
 * run one after the other, but which job makes which delivery does not matter: the order is that of the table. So it holds
 * whatever becomes of jobs, and a job too many finds nothing to do.
 */
async function deliverNext(
  parts: DeliverParts,
  { account, data, signal }: RunningJob<LineJob>,
): Promise<Outcome> {
  const { sql, clock, formats } = parts;
  const target = await findTarget(sql, account, data.webhook);
  // What waits for a target that is paused waits without a job, until the target goes on.
  if (target?.status !== 'active') return idle;
  const delivery = await nextInLine(sql, account, data.webhook, data.ticket);
  if (!delivery) return idle;
  const event = await findHeardEvent(sql, account, delivery.position);
  if (!event || !mayHear(event, target)) return drop(parts, delivery, 'The event was erased.');
  const at = clock.now();
  const made = await make(parts, formats.get(target.format), delivery, event, target);
  if (made === null) return drop(parts, delivery, 'There was nothing to be told any more.');
  const sent = 'error' in made ? made : await attempt(parts, target, messageIdOf(delivery), made, signal);
  return settle(parts, target, delivery, sent, at);
}

const unsent = { status: null, body: null, retryAfter: null, durationMs: 0 };

/** A format that fails is tried again like a receiver that does: a later version of it may not. */
async function make(
  { log }: DeliverParts,
  format: AnyPayloadFormat | undefined,
  { id, payload }: Delivery,
  event: HeardEvent,
  target: Target,
): Promise<Payload | Sent | null> {
  if (!format) return { ...unsent, error: `This server does not know the format ${target.format}.` };
  try {
    return await format.make(payload, event, target);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    log.error({ err: error, delivery: id }, 'a payload could not be made');
    return { ...unsent, error: 'The payload could not be made.' };
  }
}

function drop({ clock }: DeliverParts, delivery: Delivery, error: string): Outcome {
  const nothing = { responseStatus: null, responseBody: null, durationMs: null, nextAttemptAt: null };
  const record: AttemptRecord = { ...nothing, status: 'dropped', attempted: false, at: clock.now(), error };
  return { done: true, record: (tx) => recordAttempt(tx, delivery, record) };
}

function settle({ clock }: DeliverParts, target: Target, delivery: Delivery, sent: Sent, at: Date): Outcome {
  const now = clock.now();
  const firstAttemptAt = delivery.firstAttemptAt ?? at;
  const record: AttemptRecord = {
    status: 'delivered',
    attempted: true,
    at,
    nextAttemptAt: null,
    responseStatus: sent.status,
    responseBody: sent.body,
    durationMs: sent.durationMs,
    error: sent.error,
  };
  if (isTaken(sent)) return { done: true, record: (tx) => recordAttempt(tx, delivery, record) };
  const error = sent.error ?? `The answer was ${sent.status}.`;
  const retryAt = nextAttemptAt({
    scheduleMs: ATTEMPTS_MS,
    attempts: delivery.attempts + 1,
    firstAttemptAt,
    now,
    notBefore: sent.retryAfter ?? undefined,
  });
  const note = async (tx: Sql) => {
    const status = retryAt === null ? 'failed' : 'waiting';
    await recordAttempt(tx, delivery, { ...record, status, nextAttemptAt: retryAt, error });
    if (sent.status === 410) await turnOff(tx, target, now);
  };
  return retryAt === null ? { done: true, record: note } : { done: false, error, retryAt, record: note };
}

/** The receiver has said that it wants to hear nothing more. */
async function turnOff(tx: Sql, { account, id, url }: Target, now: Date): Promise<void> {
  const target = await lockTarget(tx, account, id);
  // Somebody may have given it another address meanwhile, or paused it.
  if (target?.status !== 'active' || target.url !== url) return;
  await updateTarget(tx, target, { status: 'off', statusReason: 'The receiver answered 410 Gone.' }, now);
}
