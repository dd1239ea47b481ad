import type { Logger } from 'pino';
import type { Decision } from '../core/decision.ts';
import { systemActor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Sql } from './database.ts';
import { isUnavailable } from './failure.ts';
import {
  dueSubjectTimers,
  type SubjectFired,
  type SubjectKeeper,
  type SubjectKeepers,
  type SubjectTimer,
} from './subject-timers.ts';
import { postponeTimer, retryDelayMs } from './timers.ts';

/** Timers that one transaction fires at most. */
const TOGETHER = 200;

export interface FireSubjectParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly keepers: SubjectKeepers;
  readonly log: Logger;
  readonly onCommit: (decision: Decision) => void;
  readonly onFired: (latenessMs: number) => void;
}

/**
 * Fires the account's due timers of subjects, oldest first. One that cannot be fired is put off, with the reason, and holds
 * up no other.
 * @returns how many were taken; 0 means that none is left, or that others hold their subjects
 */
export async function fireDueSubjects(parts: FireSubjectParts, account: string): Promise<number> {
  let taken = 0;
  for (const keeper of parts.keepers.values()) {
    const now = parts.clock.now();
    const due = await dueSubjectTimers(parts.sql, account, keeper.kind, now, TOGETHER);
    if (due.length > 0) taken += await fireAll(parts, keeper, account, due);
  }
  return taken;
}

async function fireAll(
  parts: FireSubjectParts,
  keeper: SubjectKeeper,
  account: string,
  due: readonly SubjectTimer[],
): Promise<number> {
  try {
    return await fire(parts, keeper, account, due);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    parts.log.error({ err: error, account }, 'a group of timers failed; firing them one by one');
  }
  let taken = 0;
  for (const timer of due) {
    try {
      taken += await fire(parts, keeper, account, [timer]);
    } catch (error) {
      if (isUnavailable(error)) throw error;
      await putOff(parts, account, timer, error);
      taken += 1;
    }
  }
  return taken;
}

async function fire(
  parts: FireSubjectParts,
  keeper: SubjectKeeper,
  account: string,
  timers: readonly SubjectTimer[],
): Promise<number> {
  const outcome: SubjectFired = await keeper.fire({
    account,
    timers,
    actor: systemActor(account),
    contract: 'timer',
    byHand: false,
    idempotency: null,
    answer: () => ({ status: 204, headers: {}, body: '' }),
  });
  for (const decision of outcome.decisions) parts.onCommit(decision);
  const now = parts.clock.now().getTime();
  for (const { dueAt } of outcome.taken) parts.onFired(now - dueAt.getTime());
  for (const { timer, fault } of outcome.faults) await putOff(parts, account, timer, fault);
  return outcome.taken.length + outcome.faults.length;
}

async function putOff(
  { sql, clock, log }: FireSubjectParts,
  account: string,
  { id, subject, name, attempts }: SubjectTimer,
  fault: unknown,
): Promise<void> {
  const delayMs = retryDelayMs(attempts);
  const message = fault instanceof Error ? fault.message : String(fault);
  const until = new Date(clock.now().getTime() + delayMs);
  await postponeTimer(sql, account, id, until, message.slice(0, 500));
  log.error(
    { err: fault, account, subject, name, timer: id, delayMs },
    'a timer could not be fired; trying it later',
  );
}
