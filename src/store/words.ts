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
      read as (
        select distinct unnest(tsvector_to_array(t.search)) collate "C" as word
        from ticket t where t.account = ${account} and t.id in (select ticket from step)
      ),
      learnt as (
        insert into word (account, word)
        select ${account}, r.word from read r where r.word !~ '[0-9]' and length(r.word) between 3 and 40
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

/** Doubted words that one step looks at. */
const DOUBTED_STEP = 200;

/**
 * Takes words out that only erased tickets had, some at a time. Holds the reader of the words meanwhile: a ticket that
 * comes now is read after this.
 *
 * A common word is in very many tickets, of which one is enough, so the index is asked for some of them only.
 * @returns how many words were looked at; 0 when none is in doubt, or another node is at it
 */
export async function forgetWords(sql: Sql, account: string): Promise<number> {
  const doubted = await sql`select from word where account = ${account} and doubted limit 1`;
  if (doubted.length === 0) return 0;
  return inTransaction(sql, async (tx) => {
    if (!(await holdPosition(tx, account, READER))) return 0;
    await tx`set local gin_fuzzy_search_limit = 2000`;
    const [looked] = await tx<[{ count: number }]>`
      with doubted as (
        select word, exists (
          select from (
            select account from ticket where search @@ quote_literal(w.word)::tsquery offset 0
          ) t where t.account = ${account}
        ) as is_used
        from word w where account = ${account} and doubted limit ${DOUBTED_STEP}
      ),
      gone as (
        delete from word
        where account = ${account} and word = any(array(select word from doubted where not is_used))
      ),
      kept as (
        update word set doubted = false
        where account = ${account} and word = any(array(select word from doubted where is_used))
      )
      select count(*) as count from doubted`;
    return looked.count;
  });
}
