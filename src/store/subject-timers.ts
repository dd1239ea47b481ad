import type { Decision } from '../core/decision.ts';
import type { Ticket } from '../core/ticket.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Answer, IdempotencyKey } from '../kernel/answer.ts';
import { asJson, type Sql } from './database.ts';

/**
 * A durable timer of something that is no ticket. Its kind knows what the subject is; a subject has at most one timer of a
 * name. Who writes or fires timers of a subject holds the subject's lock, whatever that is.
 */
export interface SubjectTimer {
  readonly id: string;
  readonly subject: string;
  readonly name: string;
  readonly dueAt: Date;
  /** Firings that failed before. */
  readonly attempts: number;
}

/** Why a subject's timer is due when it is, in its kind's own words. */
export interface SubjectTimerStory {
  readonly label: string;
  readonly why: string;
  /** The parts of the sentence for programs. */
  readonly explanation: Readonly<Record<string, unknown>>;
}

export interface SubjectFiring {
  readonly account: string;
  readonly timers: readonly SubjectTimer[];
  /** What a timer does it does as the system; history names this actor. */
  readonly actor: Actor;
  readonly contract: string;
  /** By hand: before its time too, and waiting for whoever holds the subject. Else those are skipped. */
  readonly byHand: boolean;
  /** Recorded with it, so that a repeated request is not done again. */
  readonly idempotency: IdempotencyKey | null;
  /** Makes the answer of that record; null where nothing was opened. */
  readonly answer: (ticket: Ticket | null) => Answer;
}

export interface SubjectFired {
  /** The timers that were there, due and free, whatever came of them. */
  readonly taken: readonly SubjectTimer[];
  readonly decisions: readonly Decision[];
  readonly faults: readonly { readonly timer: SubjectTimer; readonly fault: unknown }[];
  /** Of a firing by hand. */
  readonly answer: Answer | null;
}

/** A wing's part in the timers of its subjects. */
export interface SubjectKeeper {
  readonly kind: string;
  /** Fires timers in one transaction that locks their subjects first: what it does and that they are gone is one write. */
  fire(firing: SubjectFiring): Promise<SubjectFired>;
  /** What there is to say of these timers, by id. */
  explain(account: string, timers: readonly SubjectTimer[]): Promise<ReadonlyMap<string, SubjectTimerStory>>;
}

export type SubjectKeepers = ReadonlyMap<string, SubjectKeeper>;

/** Due timers of a kind's subjects, oldest first. Nothing is locked. Index: timer_due. */
export async function dueSubjectTimers(
  sql: Sql,
  account: string,
  kind: string,
  now: Date,
  limit: number,
): Promise<SubjectTimer[]> {
  return sql<SubjectTimer[]>`
    select id, subject, name, due_at as "dueAt", attempts from timer
    where account = ${account} and due_at <= ${now} and kind = ${kind} and subject is not null
    order by due_at, id limit ${limit}`;
}

/** Those of the timers that are still there, as they are now. Index: timer's primary key. */
export async function presentSubjectTimers(
  tx: Sql,
  account: string,
  ids: readonly string[],
): Promise<SubjectTimer[]> {
  return tx<SubjectTimer[]>`
    select id, subject, name, due_at as "dueAt", attempts from timer
    where account = ${account} and id = any(${ids as string[]}::uuid[]) and subject is not null
    order by due_at, id`;
}

/** The pending timers of subjects, due next first. Index: timer_subject. */
export async function timersOfSubjects(
  sql: Sql,
  account: string,
  kind: string,
  subjects: readonly string[],
): Promise<SubjectTimer[]> {
  return sql<SubjectTimer[]>`
    select id, subject, name, due_at as "dueAt", attempts from timer
    where account = ${account} and kind = ${kind} and subject = any(${subjects as string[]}::text[])
    order by due_at, id`;
}

export interface NewSubjectTimer {
  /** Only used where there is none of this name yet. */
  readonly id: string;
  readonly subject: string;
  readonly name: string;
  readonly dueAt: Date;
}

/** Starts timers, or moves those of the same subject and name. The subjects are locked by the caller. */
export async function putSubjectTimers(
  tx: Sql,
  account: string,
  kind: string,
  timers: readonly NewSubjectTimer[],
  now: Date,
): Promise<void> {
  if (timers.length === 0) return;
  const rows = timers.map(({ id, subject, name, dueAt }) => ({ id, subject, name, due_at: dueAt }));
  await tx`
    insert into timer (account, id, subject, kind, name, due_at, created_at)
    select ${account}, id, subject, ${kind}, name, due_at, ${now}
    from json_to_recordset(${asJson(rows)}::text::json) as t(id uuid, subject text, name text, due_at timestamptz)
    on conflict (account, kind, subject, name) where subject is not null
    do update set due_at = excluded.due_at, created_at = excluded.created_at, attempts = 0, last_error = null`;
}

/** Takes timers of subjects away; those that are not there are left out. Index: timer_subject. */
export async function dropSubjectTimers(
  tx: Sql,
  account: string,
  kind: string,
  timers: readonly Pick<SubjectTimer, 'subject' | 'name'>[],
): Promise<void> {
  if (timers.length === 0) return;
  const subjects = timers.map(({ subject }) => subject);
  const names = timers.map(({ name }) => name);
  await tx`
    delete from timer using unnest(${subjects}::text[], ${names}::text[]) as gone(subject, name)
    where timer.account = ${account} and timer.kind = ${kind} and timer.subject = any(${subjects}::text[])
      and timer.subject = gone.subject and timer.name = gone.name`;
}
