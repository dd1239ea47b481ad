import { type Filled, inWords, openFilled, SMALL } from '../filled.ts';
import type { Outcome } from '../outcome.ts';
import { withToken } from '../product.ts';
import { medianOf, medianRatio, runRounds } from '../rounds.ts';
import type { Stage } from '../stage.ts';
import { addParties, troubleStory } from '../trouble-story.ts';
import { reading } from './read.ts';

const MOST_RATIO = 1.3;
/** Enough to keep the server busy and too few for a queue, which would hide what a page costs. */
const CONNECTIONS = 4;

/** A list that is measured: who asks, and for which page. */
interface ListCase {
  readonly name: string;
  readonly as: 'party' | 'staff';
  readonly path: string;
  /** Begin in the middle of the list, not with the newest ticket. */
  readonly deep: boolean;
  /** Held to the target; a full text search ranks what it finds and is shown beside it. */
  readonly isTarget: boolean;
}

const NATIVE = '/api/v1/tickets?limit=25';
const OSSJ = '/troubleTicket?limit=25';

const CASES: readonly ListCase[] = [
  { name: '/api/v1/tickets', as: 'staff', path: NATIVE, deep: false, isTarget: true },
  { name: '/api/v1/tickets, in the middle', as: 'staff', path: NATIVE, deep: true, isTarget: true },
  {
    name: '/api/v1/tickets?state=',
    as: 'staff',
    path: `${NATIVE}&state=awaitingInformation`,
    deep: false,
    isTarget: true,
  },
  { name: '/troubleTicket', as: 'party', path: OSSJ, deep: false, isTarget: true },
  { name: '/troubleTicket, in the middle', as: 'party', path: OSSJ, deep: true, isTarget: true },
  { name: '/api/v1/tickets?q=', as: 'staff', path: `${NATIVE}&q=navigation`, deep: false, isTarget: false },
];

/** One page of 25 tickets, from a database with a million of them and from one with 10,000. */
export async function measureList(stage: Stage): Promise<Outcome> {
  const open = (name: string, tickets: number) =>
    openFilled(stage, { name, story: troubleStory, tickets, role: 'api', prepare: addParties });
  const small = await open('small', SMALL);
  const large = await open('large', stage.options.tickets);
  const outcome: Outcome = {
    scenario: 'list',
    title: 'A page of 25 tickets',
    targets: [],
    figures: [],
    rounds: {},
  };
  const targets = [...outcome.targets];
  const figures = [...outcome.figures];
  const rounds: Record<string, Outcome['rounds'][string]> = {};
  const { seconds, warmUpSeconds } = stage.options;
  for (const listCase of CASES) {
    const sides = await Promise.all([side('small', small, listCase), side('large', large, listCase)]);
    const measured = await runRounds(stage, sides, {
      ...stage.options,
      connections: CONNECTIONS,
      seconds: seconds / 2,
      warmUpSeconds: warmUpSeconds / 2,
    });
    rounds[listCase.name] = measured;
    for (const figure of ['p50Ms', 'p99Ms'] as const) {
      const name = `${listCase.name}, ${figure.slice(0, 3)}: ${inWords(large.tickets)} / ${inWords(SMALL)}`;
      const ratio = medianRatio(measured, 'large', 'small', figure);
      if (listCase.isTarget) targets.push({ name, measured: ratio, unit: 'ratio', most: MOST_RATIO });
      else figures.push({ name, value: ratio, unit: 'ratio' });
      figures.push({
        name: `${listCase.name}, ${figure.slice(0, 3)} at ${inWords(large.tickets)}`,
        value: medianOf(measured, 'large', figure),
        unit: 'ms',
      });
    }
  }
  return { ...outcome, targets, figures, rounds };
}

async function side(name: string, lists: Filled, { as, path, deep }: ListCase) {
  const headers = withToken(as === 'party' ? lists.partyToken : lists.staffToken);
  const cursor = deep ? `&cursor=${encodeURIComponent(await middleOf(lists, path, headers))}` : '';
  return reading(name, lists.server, [`${path}${cursor}`], headers);
}

/** The cursor of the page in the middle of a list, found as a client would: page by page. */
async function middleOf(
  { server, tickets }: Filled,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const bigPages = path.replace('limit=25', 'limit=100');
  // A quarter of the tickets are the party's: a step of a hundred an eighth of the whole way is inside of either list.
  const steps = Math.ceil(tickets / 8 / 100);
  let cursor = '';
  for (let step = 0; step < steps; step += 1) {
    const query = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await fetch(`http://127.0.0.1:${server.port}${bigPages}${query}`, { headers });
    const body = (await answer.json()) as { next?: string | null };
    if (answer.status !== 200 || typeof body.next !== 'string') {
      throw new Error(
        `The list ${path} ended after ${step} pages with ${answer.status}: ${JSON.stringify(body).slice(0, 300)}`,
      );
    }
    cursor = body.next;
  }
  return cursor;
}
