import type { Sql } from '../../src/store/database.ts';
import { COMMON_WORD, deskStory, RARE_WORD } from '../desk-story.ts';
import { type Filled, inWords, openFilled, SMALL } from '../filled.ts';
import { requestText } from '../http-connection.ts';
import type { Figure, Outcome, Target } from '../outcome.ts';
import { ACCOUNT, withToken } from '../product.ts';
import { medianOf, medianRatio, type Round, runRounds, type Side } from '../rounds.ts';
import type { Stage } from '../stage.ts';
import { reading } from './read.ts';

const BASE = '/api/v2/ticket';
const LIST = `${BASE}?itemLimit=25`;
/** Enough to keep the server busy and too few for a queue, which would hide what a page costs. */
const CONNECTIONS = 4;
const MOST_LIST_RATIO = 1.5;
const MOST_SEARCH_RATIO = 3;
const MOST_CALL_MS = 2_000;

/** Help-desk tickets by the thousand: calls that change 10,000 of them, and lists that tell how many there are. */
export async function measureDesk(stage: Stage): Promise<Outcome> {
  const { tickets } = stage.options;
  const open = (name: string, count: number) =>
    openFilled(stage, { name, story: deskStory, tickets: count, role: 'all' });
  const small = await open('desk_small', SMALL);
  const large = await open('desk_large', tickets);
  const targets: Target[] = [];
  const figures: Figure[] = [];
  const rounds: Record<string, Round[]> = {};
  const take = (part: Pick<Outcome, 'targets' | 'figures' | 'rounds'>) => {
    targets.push(...part.targets);
    figures.push(...part.figures);
    Object.assign(rounds, part.rounds);
  };
  take(await measureLists(stage, small, large));
  take(await measureSearch(stage, large));
  take(await measureCalls(stage, large));
  return { scenario: 'desk', title: 'Help-desk tickets', targets, figures, rounds };
}

type Part = Pick<Outcome, 'targets' | 'figures' | 'rounds'>;

async function measureLists(stage: Stage, small: Filled, large: Filled): Promise<Part> {
  const targets: Target[] = [];
  const rounds: Record<string, Round[]> = {};
  for (const [name, path] of [
    ['list with total', LIST],
    ['list with total, status=pending', `${LIST}&status=pending`],
  ] as const) {
    const sides = [listing('small', small, path), listing('large', large, path)];
    const measured = await runRounds(stage, sides, shortRounds(stage));
    rounds[name] = measured;
    for (const figure of ['p50Ms', 'p99Ms'] as const) {
      targets.push({
        name: `desk, ${name}, ${figure.slice(0, 3)}: ${inWords(large.tickets)} / ${inWords(SMALL)}`,
        measured: medianRatio(measured, 'large', 'small', figure),
        unit: 'ratio',
        most: MOST_LIST_RATIO,
      });
    }
  }
  return { targets, figures: [], rounds };
}

/** A search on the large database against a list of one state there, which is read from an index in order. */
async function measureSearch(stage: Stage, large: Filled): Promise<Part> {
  const sides = [
    listing('keyed list', large, `${LIST}&status=pending`),
    listing('search', large, `${LIST}&query=${RARE_WORD}`),
    listing('search for a common word', large, `${LIST}&query=${COMMON_WORD}`),
  ];
  const measured = await runRounds(stage, sides, shortRounds(stage));
  const at = `at ${inWords(large.tickets)}`;
  const ratio = (side: string) => medianRatio(measured, side, 'keyed list', 'p50Ms');
  return {
    targets: [
      {
        name: `desk, a word of ${inWords(large.tickets / 1000)} tickets ${at} / keyed list, p50`,
        measured: ratio('search'),
        unit: 'ratio',
        most: MOST_SEARCH_RATIO,
      },
    ],
    figures: [
      {
        name: `desk, a word of every fifth ticket ${at} / keyed list, p50`,
        value: ratio('search for a common word'),
        unit: 'ratio',
      },
    ],
    rounds: { search: measured },
  };
}

/** One call for 10,000 tickets after the other; each call changes all of them. */
async function measureCalls(stage: Stage, large: Filled): Promise<Part> {
  const { batchItems } = stage.options;
  const ids = await openNumbers(large.sql, batchItems);
  let turn = 0;
  const status = () => (turn % 2 === 0 ? 'holding' : 'pending');
  const calls: Record<string, () => [path: string, body: unknown]> = {
    setStatus: () => [`${BASE}/setStatus`, { status: status(), ticketIDs: ids }],
    batch: () => [
      `${BASE}/batch`,
      {
        TicketIDs: ids.join(','),
        actions: [
          { actionType: 'setStatus', value: status() },
          { actionType: turn % 2 === 0 ? 'addTag' : 'removeTag', value: 'moved' },
        ],
      },
    ],
  };
  const sides = Object.entries(calls).map(
    ([name, call]): Side => ({
      name,
      server: large.server,
      next() {
        turn += 1;
        const [path, body] = call();
        const text = requestText('POST', path, withToken(large.staffToken), JSON.stringify(body));
        return { requests: { type: 'once', texts: [text] }, status: 200 };
      },
      done({ lastBody }) {
        // The very first call finds some tickets in the state that it sets.
        const { done = 0, unchanged = 0 } = JSON.parse(lastBody) as { done?: number; unchanged?: number };
        if (done + unchanged !== ids.length)
          throw new Error(`${name} refused some tickets: ${lastBody.slice(0, 300)}`);
      },
    }),
  );
  const { rounds } = stage.options;
  const measured = await runRounds(stage, sides, { connections: 1, rounds, seconds: 600, warmUpSeconds: 1 });
  return {
    targets: sides.map(({ name }) => ({
      name: `desk, ${name} on ${inWords(ids.length)} tickets`,
      measured: medianOf(measured, name, 'p50Ms'),
      unit: 'ms',
      most: MOST_CALL_MS,
    })),
    figures: sides.map(({ name }) => ({
      name: `desk, ${name}: the slowest call`,
      value: Math.max(...measured.map((round) => round[name]?.maxMs ?? 0)),
      unit: 'ms',
    })),
    rounds: { calls: measured },
  };
}

function listing(name: string, { server, staffToken }: Filled, path: string): Side {
  return reading(name, server, [path], withToken(staffToken));
}

function shortRounds({ options }: Stage) {
  const { rounds, seconds, warmUpSeconds } = options;
  return { connections: CONNECTIONS, rounds, seconds: seconds / 2, warmUpSeconds: warmUpSeconds / 2 };
}

/** Tickets that every status may be set on, the oldest first. */
async function openNumbers(sql: Sql, count: number): Promise<number[]> {
  const rows = await sql<{ number: number }[]>`
    select number from ticket
    where account = ${ACCOUNT} and kind = 'desk' and state in ('open', 'pending', 'holding', 'new')
    order by id limit ${count}`;
  return rows.map(({ number }) => number);
}
