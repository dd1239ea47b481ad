import type { Sql } from './database.ts';
import { LOG_START, type LogPosition } from './log.ts';

/**
 * Where a reader of an account's log stands, locked until the transaction ends: its effects and its new position are
 * written together, and a second node that runs the same reader passes by.
 * @returns null while another node has the reader
 */
export async function holdPosition(tx: Sql, account: string, reader: string): Promise<LogPosition | null> {
  const [held] = await tx<LogPosition[]>`
    select xid::text, seq from reader_position
    where account = ${account} and reader = ${reader} for update skip locked`;
  if (held) return held;
  const { count } = await tx`
    insert into reader_position (account, reader, xid, seq)
    values (${account}, ${reader}, ${LOG_START.xid}::text::xid8, ${LOG_START.seq}::bigint)
    on conflict do nothing`;
  return count === 1 ? LOG_START : null;
}

/** Where a reader of an account's log stands, as others may see it. */
export async function findPosition(sql: Sql, account: string, reader: string): Promise<LogPosition> {
  const rows = await sql<LogPosition[]>`
    select xid::text, seq from reader_position where account = ${account} and reader = ${reader}`;
  return rows[0] ?? LOG_START;
}

export async function movePosition(tx: Sql, account: string, reader: string, to: LogPosition): Promise<void> {
  await tx`
    update reader_position set xid = ${to.xid}::text::xid8, seq = ${to.seq}::bigint
    where account = ${account} and reader = ${reader}`;
}
