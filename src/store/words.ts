import { inTransaction, type Sql } from './database.ts';
import type { LogPosition } from './log.ts';
import { holdPosition, movePosition } from './reader.ts';

const READER = 'words';
/** Events that one step reads at most. */
const STEP = 2_000;

/**
 * One step of the reader that keeps the table of words: takes in the words of the tickets that changed since the last
 * step. Words that hold a digit are left out: they are references, which nobody mistypes into another word.
 * @returns how many events were read; fewer than a step's number means that the reader has caught up
 */
export async function learnWords(sql: Sql, account: string): Promise<number> {
  return inTransaction(sql, async (tx) => {
    const position = await holdPosition(tx, account, READER);
    if (!position) return 0;
    const [read] = await tx<[{ count: number; xid: string | null; seq: number | null }]>`
      with step as (
        select xid, seq, ticket from event
        where account = ${account} and (xid, seq) > (${position.xid}::text::xid8, ${position.seq}::bigint)
          and xid < pg_snapshot_xmin(pg_current_snapshot())
        order by xid, seq limit ${STEP}
      ),
      learnt as (
        insert into word (account, word)
        select distinct ${account}, w.word
        from ticket t, unnest(tsvector_to_array(t.search)) as w(word)
        where t.account = ${account} and t.id in (select ticket from step)
          and w.word !~ '[0-9]' and length(w.word) between 3 and 40
        on conflict do nothing
      )
      select (select count(*) from step) as count, last.xid::text as xid, last.seq as seq
      from (select 1) one left join (select xid, seq from step order by xid desc, seq desc limit 1) last on true`;
    if (read.xid !== null && read.seq !== null) {
      const to: LogPosition = { xid: read.xid, seq: read.seq };
      await movePosition(tx, account, READER, to);
    }
    return read.count;
  });
}
