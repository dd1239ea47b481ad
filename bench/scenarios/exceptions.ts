import { setTimeout as pause } from 'node:timers/promises';
import type { Sql } from '../../src/store/database.ts';
import type { Outcome, Target } from '../outcome.ts';
import { ACCOUNT, makeProductDatabase, startProduct, withToken } from '../product.ts';
import { medianOf, medianRatio, type Round, runRounds, type Side } from '../rounds.ts';
import type { Server } from '../server.ts';
import type { Stage } from '../stage.ts';
import { quantile } from '../statistics.ts';
import { callsOf, dueAt, EVENTS_PER_CALL, type ExampleEvent, lifeOf, waiting } from '../work-items.ts';
import { reading } from './read.ts';

/** Clients that send events at the same time. */
const SENDERS = 4;
/** Until the first of the triggers is due that are watched. */
const LEAD_MS = 8_000;
/** Tickets on the page that is read. */
const FULL_PAGE = 25;
/** Work items are numbered on from here, so that the parts of the scenario do not meet. */
const LIVES = 1_000_000;
const WAITING = 20_000_000;
const DUE = 50_000_000;
const OVERDUE = 40_000_000;

interface Sizes {
  /** Work items of the bulk of events; each has five. */
  readonly lives: number;
  /** Triggers that wait, two for a work item. */
  readonly pending: number;
  readonly due: number;
  readonly overMs: number;
}

interface Scene {
  readonly stage: Stage;
  readonly server: Server;
  readonly sql: Sql;
  readonly partner: Readonly<Record<string, string>>;
  readonly staff: Readonly<Record<string, string>>;
  readonly sizes: Sizes;
}

/** Events in bulk; many triggers that wait, and many that fall due at once; what a work item's triggers cost to look up. */
export async function measureExceptions(stage: Stage): Promise<Outcome> {
  const { tickets } = stage.options;
  const isWhole = tickets >= 1_000_000;
  const sizes: Sizes = {
    lives: isWhole ? 40_000 : 4_000,
    pending: tickets,
    due: isWhole ? 10_000 : 2_000,
    overMs: isWhole ? 60_000 : 12_000,
  };
  const database = await makeProductDatabase(stage.endings, stage.cluster, 'exceptions');
  const server = await startProduct(stage.endings, { name: 'exceptions', database });
  const scene: Scene = {
    stage,
    server,
    sql: database.sql,
    partner: withToken(database.partnerToken),
    staff: withToken(database.staffToken),
    sizes,
  };
  const bulk = await measureBulk(scene);
  await send(scene, waitingItems(sizes));
  await database.sql`vacuum analyze work_item, work_item_event, timer`;
  const firing = await measureFiring(scene);
  const lookUp = await measureLookUp(scene);
  return {
    scenario: 'exceptions',
    title: `Events of work items, ${sizes.pending.toLocaleString('en')} pending triggers`,
    targets: [...bulk.targets, ...firing.targets, ...lookUp.targets],
    figures: firing.figures,
    rounds: {
      events: bulk.rounds,
      'pages, none due': firing.idle,
      'pages, while they fire': firing.busy,
      'look-ups': lookUp.rounds,
    },
  };
}

async function measureBulk({ stage, server, partner, sizes }: Scene) {
  const at = new Date();
  const items = Array.from({ length: sizes.lives }, (_, index) => LIVES + index);
  // Events of one work item come in one call, in its order, as an upstream system sends them.
  const texts = callsOf(
    items.flatMap((item) => lifeOf(item, at)),
    partner,
  );
  const side: Side = {
    name: 'events',
    server,
    next: () => ({ requests: { type: 'once', texts }, status: 202 }),
  };
  const rounds = await runRounds(stage, [side], {
    connections: SENDERS,
    rounds: 1,
    seconds: 600,
    warmUpSeconds: 0,
  });
  const perSecond = medianOf(rounds, side.name, 'perSecond') * EVENTS_PER_CALL;
  const targets: Target[] = [
    { name: 'exceptions: events in bulk', measured: perSecond, unit: '/s', least: 10_000 },
  ];
  return { targets, rounds };
}

function waitingItems({ pending }: Sizes): ExampleEvent[] {
  const now = new Date();
  return Array.from({ length: pending / 2 }, (_, index) => waiting(WAITING + index, now));
}

async function send({ stage, server, partner }: Scene, events: readonly ExampleEvent[]): Promise<void> {
  const side: Side = {
    name: 'waiting',
    server,
    next: () => ({ requests: { type: 'once', texts: callsOf(events, partner) }, status: 202 }),
  };
  await runRounds(stage, [side], { connections: SENDERS, rounds: 1, seconds: 3_600, warmUpSeconds: 0 });
}

/** Opens some exceptions, so that a page of tickets is full before anything is measured. */
async function haveFired(scene: Scene, count: number): Promise<void> {
  const soon = new Date(Date.now() + 1_000);
  await send(
    scene,
    Array.from({ length: count }, (_, index) => dueAt(OVERDUE + index, soon)),
  );
  await pause(2_000);
  await untilNoneIsDue(scene.sql);
}

/** While triggers fall due one after the other, somebody reads lists; before that, the same with none due. */
async function measureFiring(scene: Scene) {
  const { stage, server, sql, staff, sizes } = scene;
  const { due, overMs } = sizes;
  const side = reading('page of 25 tickets', server, ['/api/v1/tickets?limit=25'], staff);
  const read = async (seconds: number): Promise<Round[]> =>
    runRounds(stage, [side], { connections: 1, rounds: 1, seconds, warmUpSeconds: 0 });
  await haveFired(scene, FULL_PAGE);
  await read(2);
  const idle = await read(Math.min(10, overMs / 1000));
  const begin = Date.now() + LEAD_MS + due;
  const events = Array.from({ length: due }, (_, index) =>
    dueAt(DUE + index, new Date(begin + Math.floor((index * overMs) / due))),
  );
  await send(scene, events);
  const wait = begin - Date.now();
  if (wait < 0) throw new Error('The triggers fell due before they were all there.');
  await pause(wait);
  const busy = await read(overMs / 1000);
  const fired = await whenFired(sql, due);
  const latency = medianOf(busy, side.name, 'p50Ms') / medianOf(idle, side.name, 'p50Ms');
  const targets: Target[] = [
    { name: 'exceptions: lateness, p50', measured: quantile(fired, 0.5), unit: 'ms', most: 50 },
    { name: 'exceptions: lateness, p99', measured: quantile(fired, 0.99), unit: 'ms', most: 500 },
    {
      name: 'exceptions: page of 25 tickets while they fire / idle, p50',
      measured: latency,
      unit: 'ratio',
      most: 1.5,
    },
  ];
  const figures = [{ name: 'exceptions: lateness, longest', value: quantile(fired, 1), unit: 'ms' as const }];
  return { targets, figures, idle, busy };
}

async function untilNoneIsDue(sql: Sql): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const [{ left }] = await sql<[{ left: number }]>`
      select count(*) as left from timer
      where account = ${ACCOUNT} and kind = 'exception' and due_at <= now()`;
    if (left === 0) return;
    if (tries === 300) throw new Error(`${left} triggers that are due have not been fired.`);
    await pause(100);
  }
}

/**
 * How late each was, in milliseconds, sorted: from the due time to the decision that opened the exception.
 * @throws where one was lost, or fired twice
 */
async function whenFired(sql: Sql, due: number): Promise<Float64Array> {
  await untilNoneIsDue(sql);
  const rows = await sql<{ lateMs: number; times: number }[]>`
    select extract(epoch from min(t.created_at - i.opened - interval '24 hours')) * 1000 as "lateMs", count(*) as times
    from (
      select authorization_number as number, (facts->'openedAt'->>'value')::timestamptz as opened
      from work_item where account = ${ACCOUNT} and authorization_number >= ${DUE}
    ) i
    join ticket t on t.account = ${ACCOUNT} and t.kind = 'exception'
      and (t.fields->>'authorizationNumber')::bigint = i.number
    group by i.number`;
  const twice = rows.filter(({ times }) => times !== 1).length;
  if (rows.length !== due || twice > 0) {
    throw new Error(`Of ${due} triggers ${due - rows.length} were lost, and ${twice} fired more than once.`);
  }
  return Float64Array.from(rows.map(({ lateMs }) => Number(lateMs))).sort();
}

async function measureLookUp({ stage, server, partner, sql, sizes }: Scene) {
  const exceptions = await sql<{ number: number }[]>`
    select number from ticket where account = ${ACCOUNT} and kind = 'exception' order by number limit 200`;
  const base = '/ticketExceptions/v1';
  const items = Array.from(
    { length: 200 },
    (_, index) => WAITING + Math.floor((index * sizes.pending) / 2 / 200),
  );
  const sides = [
    reading(
      'one exception',
      server,
      exceptions.map(({ number }) => `${base}/ticketExceptions/${number}`),
      partner,
    ),
    reading(
      'its triggers',
      server,
      items.map((item) => `${base}/diagnostics/pendingTriggers/${item}`),
      partner,
    ),
  ];
  const { rounds: count, seconds, warmUpSeconds, connections } = stage.options;
  const rounds = await runRounds(stage, sides, {
    connections,
    rounds: count,
    seconds: seconds / 2,
    warmUpSeconds: warmUpSeconds / 2,
  });
  const ratio = medianRatio(rounds, 'its triggers', 'one exception', 'p50Ms');
  const targets: Target[] = [
    { name: 'exceptions: pending triggers / one exception, p50', measured: ratio, unit: 'ratio', most: 1.25 },
  ];
  return { targets, rounds };
}
