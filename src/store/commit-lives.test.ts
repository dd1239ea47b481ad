import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { asked, edited, moved } from '../../test/errands.ts';
import { useStores } from '../../test/stores.ts';
import type { Decision } from '../core/decision.ts';
import { newId } from '../kernel/id.ts';
import { commit } from './commit.ts';
import { commitLives } from './commit-lives.ts';
import { inTransaction } from './database.ts';

const database = useDatabase();
const stores = useStores(database);
beforeAll(async () => {
  await stores.account('together');
  await stores.account('apart');
});

const HOUR_MS = 3_600_000;
const start = Date.parse('2026-09-01T08:00:00.000Z');

type Step = (before: Decision, at: Date) => Decision;

const accept: Step = ({ ticket }, at) => moved(ticket, 'accept', {}, at);
const wait: Step = ({ ticket }, at) => moved(ticket, 'wait', { text: 'patience' }, at);
const answer: Step = ({ ticket }, at) => moved(ticket, 'answer', { text: 'Ántonio said' }, at);
const note: Step = ({ ticket }, at) => moved(ticket, 'note', { text: 'a note' }, at);
const resolve: Step = ({ ticket }, at) => moved(ticket, 'resolve', {}, at);
const retitle: Step = ({ ticket }, at) => edited(ticket, { title: 'Other milk', tags: ['a', 'b'] }, at);

/** An hour passes between the steps. */
function life(input: Record<string, unknown>, ...steps: Step[]): Decision[] {
  const decisions = [asked('together', input, new Date(start))];
  steps.forEach((step, index) => {
    const before = decisions.at(-1) as Decision;
    decisions.push(step(before, new Date(start + (index + 1) * HOUR_MS)));
  });
  return decisions;
}

/** All rows of an account but for what the account and the moment of writing give. */
async function rowsOf(account: string) {
  const { sql } = stores.shared;
  const rows = {
    tickets: await sql`select * from ticket where account = ${account} order by id`,
    events: await sql`select * from event where account = ${account} order by ticket, seq`,
    timers: await sql`select * from timer where account = ${account} order by id`,
    attachments: await sql`select * from attachment where account = ${account} order by id`,
  };
  return Object.fromEntries(
    Object.entries(rows).map(([table, list]) => [
      table,
      list.map(({ account: _account, xid: _xid, seq: _seq, ...row }) => row),
    ]),
  );
}

const file = { id: newId(), name: 'a.txt', mimeType: 'text/plain', size: 2, content: 'aGk=' };

describe('lives', () => {
  it('are stored, row for row, as their decisions one after the other', async () => {
    const lives = [
      life({ text: 'Madrid' }),
      life({ text: 'Sevilla' }, accept, wait),
      life({}, accept, wait, note, retitle),
      life({ uniqueKey: 'one' }, accept, wait, answer, wait, answer, note, resolve),
      life({ files: [file] }, accept, note),
      life({}, retitle, accept, wait, answer, wait, note),
    ];
    const { sql } = stores.shared;
    expect(await inTransaction(sql, (tx) => commitLives(tx, 'together', lives))).toBeNull();
    for (const decision of lives.flat()) {
      expect(await commit(sql, 'apart', [{ decision, idempotency: null }])).toEqual([true]);
    }
    const stored = await rowsOf('together');
    expect(stored).toEqual(await rowsOf('apart'));
    expect(stored.tickets).toHaveLength(6);
    expect(stored.events).toHaveLength(1 + 3 + 5 + 8 + 3 + 7);
    expect(stored.timers).not.toEqual([]);
    expect(stored.attachments).toHaveLength(1);
  });

  it('name the decision that could not be written, for the caller to roll back', async () => {
    const { sql } = stores.shared;
    const before = await rowsOf('together');
    const lives = [life({}, accept), life({ uniqueKey: 'one' }, accept, wait)];
    class Undo extends Error {}
    await expect(
      inTransaction(sql, async (tx) => {
        const lost = await commitLives(tx, 'together', lives);
        expect(lost?.ticket.id).toBe(lives[1]?.[0]?.ticket.id);
        throw new Undo();
      }),
    ).rejects.toThrow(Undo);
    expect(await rowsOf('together')).toEqual(before);
  });

  it('may be none at all', async () => {
    const { sql } = stores.shared;
    expect(await inTransaction(sql, (tx) => commitLives(tx, 'together', []))).toBeNull();
  });
});
