import type { Ticket } from '../core/ticket.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Answer, IdempotencyKey, Written } from '../kernel/answer.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import type { Sql } from './database.ts';

/** How long a record is kept. */
const KEPT_HOURS = 24;

/** The status of a record whose ticket was erased: it still keeps its request from being done anew. */
const ERASED = 0;

export type Replay = { readonly ok: true; readonly replayed: Answer };

/**
 * The first answer to a request that was made before with this key, a refusal where the key belongs to another
 * request, null where the key is new.
 */
export async function findReplay(
  sql: Sql,
  account: string,
  actor: string,
  { key, fingerprint }: IdempotencyKey,
): Promise<Replay | Refusal | null> {
  const rows = await sql<
    { fingerprint: string; status: number; headers: Record<string, string>; body: string }[]
  >`
    select fingerprint, status, headers, body from idempotency
    where account = ${account} and actor = ${actor} and key = ${key}`;
  const record = rows[0];
  if (!record) return null;
  if (record.fingerprint !== fingerprint) {
    return refuse('idempotencyKeyReused', `The Idempotency-Key ${key} was used before with another request.`);
  }
  if (record.status === ERASED) {
    return refuse('ticketNotFound', 'What this request wrote has been erased since.');
  }
  return { ok: true, replayed: { status: record.status, headers: record.headers, body: record.body } };
}

/** Who asks, and under which key. */
export interface EchoRequest {
  readonly actor: Pick<Actor, 'account' | 'id'>;
  readonly idempotency: IdempotencyKey | null;
}

/** The same for a request as it came, ready to be given to it again; null also where it has no key. */
export async function findEcho(
  sql: Sql,
  { actor, idempotency }: EchoRequest,
): Promise<Written | Refusal | null> {
  const replay = idempotency && (await findReplay(sql, actor.account, actor.id, idempotency));
  return replay?.ok ? { ok: true, answer: replay.replayed, replayed: true } : replay;
}

/** Keeps the answer of a request whose effects are written in the same transaction. */
export async function recordAnswer(
  sql: Sql,
  account: string,
  actor: string,
  { key, fingerprint }: IdempotencyKey,
  { status, headers, body }: Answer,
  now: Date,
): Promise<void> {
  await sql`
    insert into idempotency (account, actor, key, fingerprint, status, headers, body, created_at)
    values (
      ${account}, ${actor}, ${key}, ${fingerprint}, ${status}, ${JSON.stringify(headers)}::text::jsonb, ${body}, ${now}
    )`;
}

/**
 * Keeps the answer of a request that left its ticket as it was. It is erased with the ticket, and not kept where that is
 * erased just now.
 */
export async function recordUnchanged(
  sql: Sql,
  { account, id }: Ticket,
  actor: string,
  { key, fingerprint }: IdempotencyKey,
  { status, headers, body }: Answer,
  now: Date,
): Promise<void> {
  await sql`
    insert into idempotency (
      account, actor, key, fingerprint, status, headers, body, ticket, unchanged, created_at
    )
    select
      account, ${actor}, ${key}, ${fingerprint}, ${status}, ${JSON.stringify(headers)}::text::jsonb, ${body}, id, true,
      ${now}::timestamptz
    from ticket where account = ${account} and id = ${id}
    for key share`;
}

/** Removes the account's records that are older than a day; the scan reads only the oldest blocks. */
export async function forgetOldAnswers(sql: Sql, account: string, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEPT_HOURS * 3_600_000);
  const gone = await sql`delete from idempotency where account = ${account} and created_at < ${before}`;
  return gone.count;
}
