import type { Logger } from 'pino';
import type { Jobs } from '../jobs/jobs.ts';
import type { Clock } from '../kernel/clock.ts';
import { inTransaction, type Sql } from '../store/database.ts';
import { type HeardEvent, readHeardEvents } from '../store/heard-events.ts';
import type { LogPosition } from '../store/log.ts';
import { DELIVERY_QUEUE, type LineJob, lineKey } from './deliver.ts';
import { insertDeliveries, type NewDelivery } from './deliveries.ts';
import type { AnyPayloadFormat } from './format.ts';
import { mayHear } from './hearing.ts';
import { isVisibleIn } from './snapshot.ts';
import type { Target } from './target.ts';
import { targetColumns } from './targets.ts';

/** Events that one step reads for the targets at one position. */
const TOGETHER = 200;
/** A target with so many deliveries that wait hears of no more until some of them are made; the log keeps the rest. */
export const MOST_WAITING = 1_000;

export interface ReadLogParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Logger;
  readonly jobs: Jobs;
  readonly formats: ReadonlyMap<string, AnyPayloadFormat>;
}

/** A target, and where it stands in the log. */
interface Reader extends Target, LogPosition {
  readonly since: string;
  readonly notBefore: Date | null;
}

/**
 * One step through an account's log for all its targets: deliveries, the jobs that make them, and where each target stands are
 * written in one transaction. Every target has a position of its own, so one that was paused, or cannot keep up, goes on
 * where it stood and holds up no other.
 * @returns how many events were read; 0 when all have caught up, or another node is at it
 */
export async function readLogForTargets(parts: ReadLogParts, account: string): Promise<number> {
  const { sql, jobs } = parts;
  const { read, planned } = await inTransaction(sql, (tx) => readIn(tx, parts, account));
  if (planned > 0) jobs.wake(DELIVERY_QUEUE);
  return read;
}

/** What there is to do in an account: whether it has active targets, and whether one of them has not come to the log's end. */
export interface Lag {
  readonly hasTargets: boolean;
  readonly isBehind: boolean;
}

/** Takes no lock, so that an account at rest writes nothing. */
export async function findLag({ sql, formats }: ReadLogParts, account: string): Promise<Lag> {
  const [row] = await sql<[Lag]>`
    select count(*) > 0 as "hasTargets", coalesce(bool_or(exists (
      select from event e
      where e.account = ${account} and (e.xid, e.seq) > (w.xid, w.seq)
        and e.xid < pg_snapshot_xmin(pg_current_snapshot())
    )), false) as "isBehind"
    from webhook w
    where w.account = ${account} and w.status = 'active' and w.format = any(${[...formats.keys()]}::text[])`;
  return row;
}

async function readIn(
  tx: Sql,
  parts: ReadLogParts,
  account: string,
): Promise<{ read: number; planned: number }> {
  const readers = await holdReaders(tx, parts, account);
  let read = 0;
  let planned = 0;
  for (const [position, group] of byPosition(readers)) {
    const events = await readHeardEvents(tx, account, position, TOGETHER);
    const last = events.at(-1)?.position;
    if (!last) continue;
    read += events.length;
    const deliveries = group.flatMap((reader) => events.flatMap((event) => plan(parts, reader, event)));
    await write(tx, parts, account, deliveries);
    planned += deliveries.length;
    await tx`
      update webhook set xid = ${last.xid}::text::xid8, seq = ${last.seq}::bigint
      where account = ${account} and id = any(${group.map(({ id }) => id)}::uuid[])`;
  }
  return { read, planned };
}

/**
 * The active targets that can take more, locked: another node that reads for one of them passes by. One whose format this node
 * does not know is left to nodes that do.
 */
async function holdReaders(tx: Sql, { formats }: ReadLogParts, account: string): Promise<Reader[]> {
  return tx<Reader[]>`
    select ${targetColumns(tx)}, xid::text, seq, since::text, not_before as "notBefore"
    from webhook w
    where account = ${account} and status = 'active' and format = any(${[...formats.keys()]}::text[]) and (
      select count(*) from (
        select from webhook_delivery d
        where d.account = ${account} and d.webhook = w.id and d.status = 'waiting' limit ${MOST_WAITING}
      ) waiting
    ) < ${MOST_WAITING}
    order by id for update skip locked`;
}

function byPosition(readers: readonly Reader[]): [LogPosition, Reader[]][] {
  const groups = Map.groupBy(readers, ({ xid, seq }) => `${xid}-${seq}`);
  return [...groups.values()].map((group) => [group[0] as Reader, group]);
}

function plan({ formats, log }: ReadLogParts, reader: Reader, event: HeardEvent): NewDelivery[] {
  const { id: webhook, since, notBefore } = reader;
  const { position, ticket, key: ticketKey } = event;
  if (isVisibleIn(since, position.xid) || (notBefore && event.at < notBefore)) return [];
  if (!mayHear(event, reader)) return [];
  try {
    const payloads = formats.get(reader.format)?.payloads(event, reader) ?? [];
    return payloads.map((payload) => ({ webhook, ticket, ticketKey, position, payload }));
  } catch (error) {
    log.error({ err: error, webhook, event: position }, 'an event was passed by, for its format failed');
    return [];
  }
}

async function write(
  tx: Sql,
  { jobs, clock }: ReadLogParts,
  account: string,
  deliveries: readonly NewDelivery[],
): Promise<void> {
  if (deliveries.length === 0) return;
  await insertDeliveries(tx, account, deliveries, clock.now());
  await enqueueLines(tx, jobs, account, deliveries);
}

/** A job for each delivery. */
export async function enqueueLines(
  tx: Sql,
  jobs: Jobs,
  account: string,
  lines: readonly LineJob[],
): Promise<void> {
  const added = lines.map(({ webhook, ticket }) => ({
    account,
    key: lineKey(account, { webhook, ticket }),
    group: webhook,
    data: { webhook, ticket } satisfies LineJob,
  }));
  await jobs.enqueue(tx, DELIVERY_QUEUE, added);
}
