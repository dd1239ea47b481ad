import type { Sql } from '../../store/database.ts';
import { type LoggedEvent, type LogPosition, logEnd, readLog } from '../../store/log.ts';
import { isAfter } from './cursor.ts';

/** Some events, and where to read on. */
export interface LogPage {
  readonly events: readonly LoggedEvent[];
  readonly next: LogPosition;
}

/**
 * The next events after a position. A page that is not full has read everything there was, so the next one starts at
 * the log's end: a party with few events does not read over all the others' again and again.
 */
export async function readOn(
  sql: Sql,
  account: string,
  after: LogPosition,
  limit: number,
  party: string | null,
): Promise<LogPage> {
  // Taken before the page is read: what commits between the two is still after it.
  const end = await logEnd(sql);
  const events = await readLog(sql, account, after, limit, party);
  const last = events.at(-1)?.position ?? after;
  return { events, next: events.length < limit && isAfter(end, last) ? end : last };
}
