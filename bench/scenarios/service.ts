import { type Filled, inWords, openFilled, SMALL } from '../filled.ts';
import { requestText } from '../http-connection.ts';
import type { Figure, Outcome, Target } from '../outcome.ts';
import { ACCOUNT, type ProductDatabase, withToken } from '../product.ts';
import { medianOf, medianRatio, type Round, runRounds, type Side } from '../rounds.ts';
import { serviceStory } from '../service-story.ts';
import type { Stage } from '../stage.ts';
import { reading } from './read.ts';
import { floorUpdating } from './update.ts';

const LINE = '/v2/tickets/pending-tickets';
/** Enough to keep the server busy and too few for a queue, which would hide what a page costs. */
const CONNECTIONS = 4;
const MOST_RATIO = 1.3;
const LEAST_OF_FLOOR = 0.7;
/** More than are taken in a second: each waiting ticket is taken once. */
const TAKEN_PER_SECOND = 8_000;

type Part = Pick<Outcome, 'targets' | 'figures' | 'rounds'>;

/** The waiting line of service tickets, and operators who take tickets from it. */
export async function measureService(stage: Stage): Promise<Outcome> {
  const line = await measureLine(stage);
  const start = await measureStart(stage);
  return {
    scenario: 'service',
    title: 'Service tickets',
    targets: [...line.targets, ...start.targets],
    figures: [...line.figures, ...start.figures],
    rounds: { ...line.rounds, ...start.rounds },
  };
}

/** A page of 25 waiting tickets with their total; all tickets of the two databases wait. */
async function measureLine(stage: Stage): Promise<Part> {
  const open = (name: string, tickets: number) =>
    openFilled(stage, { name, story: serviceStory, tickets, role: 'all' });
  const small = await open('service_small', SMALL);
  const large = await open('service_large', stage.options.tickets);
  const { seconds, warmUpSeconds } = stage.options;
  const options = {
    ...stage.options,
    connections: CONNECTIONS,
    seconds: seconds / 2,
    warmUpSeconds: warmUpSeconds / 2,
  };
  const first = await runRounds(
    stage,
    [await listing('small', small), await listing('large', large)],
    options,
  );
  const middle = Math.floor(large.tickets / 2);
  const deep = await runRounds(
    stage,
    [await listing('first page', large), await listing('deepest page', large, `&offset=${middle}`)],
    options,
  );
  const targets: Target[] = (['p50Ms', 'p99Ms'] as const).map((figure) => ({
    name: `waiting line, ${figure.slice(0, 3)}: ${inWords(large.tickets)} / ${inWords(SMALL)}`,
    measured: medianRatio(first, 'large', 'small', figure),
    unit: 'ratio',
    most: MOST_RATIO,
  }));
  const figures: Figure[] = [
    { name: 'waiting line, p50', value: medianOf(first, 'large', 'p50Ms'), unit: 'ms' },
    {
      name: `waiting line from ticket ${inWords(middle)} on, p50`,
      value: medianOf(deep, 'deepest page', 'p50Ms'),
      unit: 'ms',
    },
  ];
  return { targets, figures, rounds: { 'waiting line': first, 'deep in the line': deep } };
}

async function listing(name: string, lists: Filled, query = ''): Promise<Side> {
  return reading(name, lists.server, [`${LINE}?limit=25${query}`], await withBoth(lists));
}

/** Operators take one waiting ticket after the other, in a database of their own. The floor updates one row. */
async function measureStart(stage: Stage): Promise<Part> {
  const { rounds, seconds, warmUpSeconds } = stage.options;
  const perTurn = Math.ceil(Math.max(seconds, warmUpSeconds) * TAKEN_PER_SECOND);
  const tickets = perTurn * (rounds + 1);
  const line = await openFilled(stage, { name: 'service_start', story: serviceStory, tickets, role: 'all' });
  const texts = await takings(line);
  let taken = 0;
  const product: Side = {
    name: 'product',
    server: line.server,
    next: () => ({ requests: { type: 'once', texts: texts.slice(taken, taken + perTurn) }, status: 303 }),
    done({ answers }) {
      taken += answers;
    },
  };
  const measured: Round[] = await runRounds(stage, [await floorUpdating(stage), product], stage.options);
  return {
    targets: [
      {
        name: 'start-service: product / floor’s update',
        measured: medianRatio(measured, 'product', 'floor'),
        unit: 'ratio',
        least: LEAST_OF_FLOOR,
      },
    ],
    figures: [
      { name: 'start-service: p50', value: medianOf(measured, 'product', 'p50Ms'), unit: 'ms' },
      { name: 'start-service: p99', value: medianOf(measured, 'product', 'p99Ms'), unit: 'ms' },
    ],
    rounds: { 'start-service': measured },
  };
}

/** A request for each ticket that waits. */
async function takings(database: ProductDatabase): Promise<string[]> {
  const headers = await withBoth(database);
  const operator_id = await database.makeOperator();
  const body = JSON.stringify({ transition: { type: 'start-service', operator_id } });
  const rows = await database.sql<{ id: string }[]>`
    select id from ticket where account = ${ACCOUNT} and kind = 'service' and state = 'pending' order by id`;
  return rows.map(({ id }) => requestText('PATCH', `${LINE}/${id}`, headers, body));
}

/** Both credentials. */
async function withBoth({ staffToken, makeApiKey }: ProductDatabase): Promise<Record<string, string>> {
  return { ...withToken(staffToken), 'x-api-key': await makeApiKey() };
}
