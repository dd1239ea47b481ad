import type { Sql } from './database.ts';

const FIRST_BLOCK = 8;
const LARGEST_BLOCK = 1024;

interface Block {
  next: number;
  end: number;
  size: number;
  pending: Promise<void> | null;
}

/** Ticket numbers from blocks that are reserved per account and kind, so that a creation costs no query of its own. */
export interface Numbers {
  /** `count` numbers, ascending; not always adjacent. */
  take(account: string, kind: string, count: number): Promise<number[]>;
  /**
   * Gives back a number that was taken and not used. It is given again where it is the last one that was taken; else it
   * stays a gap.
   */
  giveBack(account: string, kind: string, number: number): void;
  /** Gives back what this node reserved and did not use, where nobody reserved after it. */
  release(): Promise<void>;
}

/** Blocks grow with the demand from 8 to 1,024, so a node that dies leaves only a small gap in quiet times. */
export function createNumbers(sql: Sql): Numbers {
  const blocks = new Map<string, Block>();

  async function refill(account: string, kind: string, block: Block, wanted: number): Promise<void> {
    const size = Math.max(wanted, block.size);
    const end = await reserve(sql, account, kind, size);
    block.next = end - size;
    block.end = end;
    block.size = Math.min(block.size * 2, LARGEST_BLOCK);
  }

  return {
    async take(account, kind, count) {
      const id = JSON.stringify([account, kind]);
      const block = blocks.get(id) ?? { next: 1, end: 1, size: FIRST_BLOCK, pending: null };
      blocks.set(id, block);
      const numbers: number[] = [];
      while (numbers.length < count) {
        if (block.next < block.end) {
          numbers.push(block.next);
          block.next += 1;
        } else {
          block.pending ??= refill(account, kind, block, count - numbers.length).finally(() => {
            block.pending = null;
          });
          await block.pending;
        }
      }
      return numbers;
    },
    giveBack(account, kind, number) {
      const block = blocks.get(JSON.stringify([account, kind]));
      if (block?.next === number + 1) block.next = number;
    },
    async release() {
      for (const [id, { next, end }] of blocks) {
        const [account, kind] = JSON.parse(id) as [string, string];
        if (next < end) {
          await sql`
            update number_block set next = ${next}
            where account = ${account} and kind = ${kind} and next = ${end}`;
        }
      }
      blocks.clear();
    },
  };
}

/** Reserves `size` numbers and returns the first one after them. */
async function reserve(sql: Sql, account: string, kind: string, size: number): Promise<number> {
  const [row] = await sql<[{ next: number }]>`
    insert into number_block as b (account, kind, next) values (${account}, ${kind}, 1 + ${size}::bigint)
    on conflict (account, kind) do update set next = b.next + ${size}::bigint
    returning next`;
  return row.next;
}
