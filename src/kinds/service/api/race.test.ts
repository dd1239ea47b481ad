import { beforeAll, expect, it } from 'vitest';
import { commit } from '../../../store/commit.ts';
import { waitingTicket } from '../fixture/decisions.ts';
import { move, NOT_FOUND, useService } from './fixture/service-server.ts';

const service = useService();
const client = service.client();

const ROUNDS = 50;
const TICKETS = 100;
/** Twice as many as there are tickets, so that two go for each at the same moment. */
const OPERATORS = 200;

let operators: string[] = [];
beforeAll(async () => {
  for (let n = 0; n < OPERATORS; n += 1) operators.push(await service.operator(`Operator ${n}`));
});

it('200 operators go for 100 waiting tickets, fifty times: each ticket is taken once, and every loser is told', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const ids = await submitTickets(round);
    // Each round pairs others, and neither of a pair always comes first.
    operators = operators.toSorted(() => Math.random() - 0.5);
    const outcomes = await Promise.all(
      operators.map(async (operator_id, place) => {
        const id = ids[place % TICKETS] as string;
        const answer = await move(client, 'pending', id, { type: 'start-service', operator_id });
        return { id, operator_id, answer };
      }),
    );
    const won = outcomes.filter(({ answer }) => answer.status === 303);
    const lost = outcomes.filter(({ answer }) => answer.status !== 303);
    expect(won.map(({ id }) => id).toSorted()).toEqual(ids);
    for (const { answer } of lost) expect(answer).toMatchObject({ status: 404, body: NOT_FOUND });
    const begun = await client(
      'GET',
      `/v2/tickets/in-progress-tickets?limit=${TICKETS}&offset=${round * TICKETS}`,
    );
    expect(begun.body.total).toBe((round + 1) * TICKETS);
    const taken = new Map(won.map(({ id, operator_id }) => [id, operator_id]));
    for (const { id, operator_id } of begun.body.result) expect(operator_id).toBe(taken.get(id));
    expect((await client('GET', '/v2/tickets/pending-tickets')).body).toMatchObject({ result: [], total: 0 });
  }
}, 60_000);

/** Tickets that wait, by their ids. */
async function submitTickets(round: number): Promise<string[]> {
  const { sql } = service.server.store;
  const decisions = Array.from({ length: TICKETS }, (_, n) => waitingTicket(round * TICKETS + n + 1));
  for (const step of [0, 1]) {
    const items = decisions.flatMap((life) => life.slice(step, step + 1));
    const written = await commit(
      sql,
      'default',
      items.map((decision) => ({ decision, idempotency: null })),
    );
    expect(written).not.toContain(false);
  }
  return decisions.map((life) => (life[0] as (typeof life)[number]).ticket.id).toSorted();
}
