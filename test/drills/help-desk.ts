import { setTimeout as wait } from 'node:timers/promises';
import type postgres from 'postgres';
import { freePort } from '../free-port.ts';
import { withConnection } from '../postgres-server.ts';
import { startZendesk, type ZendeskServer } from '../zendesk-server.ts';
import { preparePartner } from './cast.ts';
import type { Drill, Stage } from './drill.ts';
import { exchange } from './exchange.ts';
import { between, timesOf } from './figures.ts';
import { embeddedPlace, type Place } from './place.ts';
import { beginServer, type ServerProcess, startServer } from './server-process.ts';

/** From an ETA to the trigger of the rule that watches it, for the priority that the drill gives. */
const ETA_PASSED_MS = 30 * 60_000;
/** The trigger falls due so long after its work item was told. */
const DUE_AFTER_MS = 700;
const FIRED_WITHIN_MS = 30_000;
/** A job that a killed node had is tried again when its time is over and that has been noticed. */
const ANSWERED_WITHIN_MS = 180_000;
const FIRST_ITEM = 70_000;

type System = 'desk' | 'zendesk';

/** The moment at which the server is killed: the exception is there, or the help desk was asked. */
type Moment = 'fired' | 'asked';

function helpDeskDrill(system: System, title: string): Drill {
  return {
    name: `kill-before-${system}`,
    title,
    rounds: 50,
    run: (stage) => run(stage, system),
  };
}

export const killBeforeDesk = helpDeskDrill(
  'desk',
  'the server is killed with -9 twice between the firing of a trigger and the desk: one exception and one desk ticket each',
);
export const killBeforeZendesk = helpDeskDrill(
  'zendesk',
  'the server is killed with -9 twice between the firing of a trigger and Zendesk: one exception and one ticket there each',
);

async function run(stage: Stage, system: System) {
  const place = await embeddedPlace(stage);
  const port = await freePort();
  const zendesk = system === 'zendesk' ? await startZendesk() : null;
  if (zendesk) stage.endings.add(zendesk.stop);
  let server = await startServer(stage, place, { port });
  const token = await preparePartner(place, zendesk?.url ?? null);
  const items: number[] = [];
  const restarts: number[] = [];
  await withConnection(await place.databaseUrl(), async (sql) => {
    for (let round = 1; round <= stage.rounds; round += 1) {
      const item = FIRST_ITEM + round;
      items.push(item);
      const moment: Moment = round % 2 === 0 ? 'asked' : 'fired';
      const isNow = watch(sql, zendesk, item, moment);
      await tellOf(server, token, item);
      await isNow();
      await server.kill();
      await killOnceMore(stage, place, port);
      server = await startServer(stage, place, { port });
      restarts.push(server.readyAfterMs);
      stage.say(`round ${round}: killed when ${moment}, ready after ${Math.round(server.readyAfterMs)} ms`);
    }
  });
  const faults = await withConnection(await place.databaseUrl(), async (sql) => {
    const answered = await untilAnswered(sql, items.length);
    return [...answered, ...(await findFaults(sql, zendesk, items))];
  });
  const stopped = await server.stop();
  if (stopped.code !== 0) faults.push(`The last server ended with ${stopped.code}:\n${server.output()}`);
  return { faults, figures: { exceptions: items.length, 'restart, ms': timesOf(restarts) } };
}

/** The second kill: while the server starts, or soon after it is ready and at the work that was left. */
async function killOnceMore(stage: Stage, place: Place, port: number): Promise<void> {
  if (Math.random() < 0.3) {
    const half = beginServer(stage, place, port);
    await wait(between(0, 1_500));
    await half.kill();
    return;
  }
  const server = await startServer(stage, place, { port });
  await wait(between(0, 1_000));
  await server.kill();
}

/** Tells of a work item whose ETA has passed by almost as long as the rule waits. */
async function tellOf({ url }: ServerProcess, token: string, item: number): Promise<void> {
  const etaAt = new Date(Date.now() - ETA_PASSED_MS + DUE_AFTER_MS);
  const event = {
    id: `drill-${item}`,
    type: 'NewWorkItem',
    occurredAt: new Date(etaAt.getTime() - 60_000).toISOString(),
    authorizationNumber: item,
    data: { priority: 2, status: 'accepted', etaAt: etaAt.toISOString() },
  };
  const outcome = await exchange({
    url: `${url}/ticketExceptions/v1/workItemEvents`,
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(event),
  });
  if (outcome.type !== 'answer' || outcome.status !== 202) {
    throw new Error(`A work item was not taken in: ${JSON.stringify(outcome)}`);
  }
}

/** Begins to watch for the moment; what it gives waits until it has come. */
function watch(sql: postgres.Sql, zendesk: ZendeskServer | null, item: number, moment: Moment) {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  let isDue = moment === 'asked';
  zendesk?.trouble(({ method, body }) => {
    if (!isDue || method !== 'POST' || !JSON.stringify(body).includes(`#${item}`)) return null;
    isDue = false;
    resolve();
    // The ticket is made there, and nobody hears of it.
    return { hangs: true, afterWork: true };
  });
  if (moment === 'asked' && zendesk) return () => within(asked, `Zendesk was not asked for ${item}`);
  return () =>
    within(untilThere(sql, item, moment === 'asked' ? 'desk' : 'exception'), `nothing came of ${item}`);
}

async function within(work: Promise<void>, fault: string): Promise<void> {
  const limit = AbortSignal.timeout(FIRED_WITHIN_MS);
  const over = new Promise<never>((_, reject) => {
    limit.addEventListener('abort', () => reject(new Error(`After ${FIRED_WITHIN_MS / 1000} s ${fault}.`)));
  });
  await Promise.race([work, over]);
}

/** Waits until the item's exception is there, or the ticket that it has at the desk. */
async function untilThere(sql: postgres.Sql, item: number, kind: System | 'exception'): Promise<void> {
  const giveUpAt = Date.now() + FIRED_WITHIN_MS;
  for (; Date.now() < giveUpAt; ) {
    const found = await sql`
      select 1 from tessera.ticket t
      where t.kind = ${kind} and (t.fields->>'authorizationNumber' = ${item} or t.title like ${`%#${item}`})`;
    if (found.length > 0) return;
    await wait(2);
  }
}

/** Waits until every exception knows its ticket in the help desk. */
async function untilAnswered(sql: postgres.Sql, count: number): Promise<string[]> {
  const giveUpAt = Date.now() + ANSWERED_WITHIN_MS;
  for (;;) {
    const [row] = await sql<[{ n: number }]>`
      select count(*)::int as n from tessera.ticket
      where kind = 'exception' and fields->'helpDesk'->>'answered' = 'true'`;
    if (row.n >= count) return [];
    if (Date.now() > giveUpAt) return [`${row.n} of ${count} exceptions were answered by the help desk`];
    await wait(500);
  }
}

interface ExceptionRow {
  readonly id: string;
  readonly key: string;
  readonly item: string;
  readonly reference: string | null;
  readonly fault: string | null;
  readonly answers: number;
  readonly children: string[];
}

async function findFaults(
  sql: postgres.Sql,
  zendesk: ZendeskServer | null,
  items: readonly number[],
): Promise<string[]> {
  const rows = await sql<ExceptionRow[]>`
    select t.id, t.key, t.fields->>'authorizationNumber' as item,
      t.fields->'helpDesk'->>'reference' as reference, t.fields->'helpDesk'->>'fault' as fault,
      (select count(*)::int from tessera.event e where e.account = t.account and e.ticket = t.id and e.name = 'answer') as answers,
      array(
        select c.key from tessera.ticket c
        where c.account = t.account and c.kind = 'desk' and c.external_reference = t.key
      ) as children
    from tessera.ticket t where t.kind = 'exception'`;
  const faults: string[] = [];
  for (const item of items) {
    const own = rows.filter((row) => row.item === String(item));
    if (own.length !== 1) faults.push(`work item ${item} has ${own.length} exceptions`);
  }
  for (const { id, key, reference, fault, answers, children } of rows) {
    const tickets = zendesk
      ? zendesk.tickets
          .filter(({ external_id }) => external_id?.endsWith(id))
          .map((ticket) => String(ticket.id))
      : children;
    if (tickets.length !== 1) faults.push(`${key} has ${tickets.length} tickets in the help desk`);
    else if (tickets[0] !== reference)
      faults.push(`${key} names ${reference}, but its ticket is ${tickets[0]}`);
    if (answers !== 1) faults.push(`${key} was answered ${answers} times`);
    if (fault !== null) faults.push(`${key} shows a fault: ${fault}`);
  }
  return faults;
}
