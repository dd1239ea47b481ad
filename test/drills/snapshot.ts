import { withConnection } from '../postgres-server.ts';
import type { Place } from './place.ts';

export interface TicketRow {
  readonly id: string;
  readonly key: string;
  readonly state: string;
  readonly version: number;
  readonly mirrorKey: string;
  readonly timers: Readonly<Record<string, { readonly id: string; readonly dueAt: string }>>;
}

export interface EventRow {
  readonly ticket: string;
  readonly version: number;
  readonly name: string;
  readonly from: string | null;
  readonly to: string;
  readonly contract: string;
  readonly dialog: string | null;
  readonly at: Date;
}

export interface TimerRow {
  readonly id: string;
  readonly ticket: string;
  readonly name: string;
  readonly dueAt: Date;
}

export interface RecordRow {
  readonly key: string;
  readonly status: number;
  readonly body: string;
}

/** All that the database holds at one moment. */
export interface Snapshot {
  readonly tickets: readonly TicketRow[];
  /** By ticket, in the order in which they were logged. */
  readonly events: readonly EventRow[];
  readonly timers: readonly TimerRow[];
  readonly records: readonly RecordRow[];
}

/** Reads everything as of one moment, on a connection that has nothing to do with the product. */
export async function takeSnapshot(place: Place): Promise<Snapshot> {
  return withConnection(await place.databaseUrl(), (sql) =>
    sql.begin('isolation level repeatable read read only', async (tx) => ({
      tickets: await tx<TicketRow[]>`
        select id, key, state, version, external_reference as "mirrorKey", timers from tessera.ticket`,
      events: await tx<EventRow[]>`
        select ticket, version, name, from_state as from, to_state as to, contract, data->>'dialog' as dialog, at
        from tessera.event order by ticket, seq`,
      timers: await tx<TimerRow[]>`select id, ticket, name, due_at as "dueAt" from tessera.timer`,
      records: await tx<RecordRow[]>`select key, status, body from tessera.idempotency`,
    })),
  );
}

/** What is still to be done in the background: timers that have not fired, events that the words are not learnt of. */
export async function countUnfinished(place: Place): Promise<number> {
  return withConnection(await place.databaseUrl(), async (sql) => {
    const [row] = await sql<[{ count: number }]>`
      select (
        (select count(*) from tessera.timer)
        + (select count(*) from tessera.event e where not exists (
            select from tessera.reader_position p where p.account = e.account and (p.xid, p.seq) >= (e.xid, e.seq)
          ))
      )::int as count`;
    return row.count;
  });
}
