import { describe, expect, it } from 'vitest';
import { itemOf, setStatus, TICKET, ticketIn, useDeskServer } from './api/fixture/desk-server.ts';
import { DESK_STATES, type DeskState } from './workflow.ts';

const server = useDeskServer();

/** Where each status may go, as the contract says. */
const MAY: Readonly<Record<DeskState, readonly DeskState[]>> = {
  new: ['open', 'pending', 'holding', 'solved', 'closed'],
  open: ['new', 'pending', 'holding', 'solved', 'closed'],
  pending: ['new', 'open', 'holding', 'solved', 'closed'],
  holding: ['new', 'open', 'pending', 'solved', 'closed'],
  solved: ['open', 'pending', 'holding', 'closed'],
  closed: [],
};

describe.each(DESK_STATES.map((from) => [from] as const))('from %s', (from) => {
  it.each(DESK_STATES.map((to) => [to] as const))('to %s', async (to) => {
    const agent = server.agent();
    const id = await ticketIn(agent, from);
    const { body } = await setStatus(agent, to, [id]);
    const allowed = MAY[from].includes(to);
    const message = `A ticket that is ${from} cannot become ${to}.`;
    const result =
      from === to ? { result: 'unchanged' } : allowed ? { result: 'done' } : { result: 'refused', message };
    expect(body.results).toEqual([{ id, ...result }]);
    const item = await itemOf(agent, id);
    expect(item.status).toBe(allowed ? to : from);
    expect(item.closed_at === null).toBe(item.status !== 'closed');
  });

  it.each(['solved', 'closed'] as const)('to %s by PUT', async (status) => {
    const agent = server.agent();
    const id = await ticketIn(agent, from);
    const answer = await agent('PUT', `${TICKET}/${id}`, { status });
    const allowed = from === status || MAY[from].includes(status);
    expect(answer.status).toBe(allowed ? 200 : 409);
    expect((await itemOf(agent, id)).status).toBe(allowed ? status : from);
  });
});
