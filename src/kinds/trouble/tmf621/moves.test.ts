import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { TestClient } from '../../../../test/server.ts';
import { fireDueTimers } from '../../../store/fire-timers.ts';
import { transact } from '../ossj/fixture/tickets.ts';
import { open, useTmf, VERSIONS } from './fixture/tmf-server.ts';
import { STATUSES } from './statuses.ts';

const HOUR_MS = 3_600_000;
const tmf = useTmf();

/** How a ticket comes into each status, by the two sides. */
const SETUPS: Record<string, readonly (readonly ['tu' | 'to', string])[]> = {
  acknowledged: [],
  inProgress: [['to', 'inProgress']],
  pending: [
    ['to', 'inProgress'],
    ['to', 'pending'],
  ],
  held: [
    ['to', 'inProgress'],
    ['to', 'held'],
  ],
  resolved: [
    ['to', 'inProgress'],
    ['to', 'resolved'],
  ],
  closed: [
    ['to', 'inProgress'],
    ['to', 'resolved'],
    ['tu', 'closed'],
  ],
  cancelled: [['tu', 'cancelled']],
  rejected: [['to', 'rejected']],
};

/**
 * What comes of asking for each status (columns, in the order of STATUSES: acknowledged, rejected, pending, held, inProgress,
 * cancelled, closed, resolved), written by hand from the standard's moves: `+` done, `=` as it is, or the status of the
 * refusal, 403 where the move is the other side's.
 */
const EXPECTED: Record<string, { tu: string; to: string }> = {
  acknowledged: { tu: '= 403 409 409 403 + 409 409', to: '= + 409 409 + 403 409 409' },
  inProgress: { tu: '409 409 403 403 = + 409 403', to: '409 409 + + = 403 409 +' },
  pending: { tu: '409 409 = 409 + + 409 409', to: '409 409 = 409 403 403 409 409' },
  held: { tu: '409 409 409 = 403 + 409 409', to: '409 409 409 = + 403 409 409' },
  resolved: { tu: '409 409 409 409 + 409 + =', to: '409 409 409 409 403 409 409 =' },
  closed: { tu: '409 409 409 409 409 409 = 409', to: '409 409 409 409 409 409 = 409' },
  cancelled: { tu: '409 409 409 409 409 = 409 409', to: '409 409 409 409 409 = 409 409' },
  rejected: { tu: '409 = 409 409 409 409 409 409', to: '409 = 409 409 409 409 409 409' },
};

const MOVES: Record<string, string> = {
  acknowledged: 'inProgress, rejected, cancelled',
  inProgress: 'pending, held, resolved, cancelled',
  pending: 'inProgress, cancelled',
  held: 'inProgress, cancelled',
  resolved: 'closed, inProgress',
};

async function bring(tu: TestClient, to: TestClient, id: string, status: string): Promise<void> {
  for (const [side, next] of SETUPS[status] ?? []) {
    const answer = await (side === 'tu' ? tu : to)('PATCH', `/troubleTicket/${id}`, { status: next });
    expect(answer, answer.text).toMatchObject({ status: 200, body: { status: next } });
  }
}

describe.each(VERSIONS)('in %s', (version) => {
  describe.each(Object.entries(EXPECTED))('a ticket that is %s', (status, sides) => {
    describe.each(['tu', 'to'] as const)('asked by the %s', (side) => {
      const row = sides[side].split(' ').map((outcome, index) => [STATUSES[index] ?? '', outcome] as const);

      it.each(row)('to be %s: %s', async (asked, outcome) => {
        const clients = { tu: tmf.tu(version), to: tmf.to(version) };
        const id = await open(clients.tu, version);
        await bring(clients.tu, clients.to, id, status);
        const before = await clients.tu('GET', `/troubleTicket/${id}`);
        const answer = await clients[side]('PATCH', `/troubleTicket/${id}`, { status: asked });
        if (outcome === '+' || outcome === '=') {
          expect(answer).toMatchObject({ status: 200, body: { status: asked } });
          const history = version === 'v4' ? 'statusChange' : 'statusChangeHistory';
          const more = outcome === '+' ? 1 : 0;
          expect(answer.body[history]).toHaveLength(before.body[history].length + more);
          expect(answer.body[history].at(-1).status).toBe(asked);
          return;
        }
        expect(answer.status).toBe(Number(outcome));
        expect(answer.body.message).toContain(MOVES[status] ?? `${status} is final`);
        expect((await clients.tu('GET', `/troubleTicket/${id}`)).text).toBe(before.text);
      });
    });
  });
});

describe('the guarantee period', () => {
  async function fire(): Promise<number> {
    const { sql, kinds, directory, committed } = tmf.server.store;
    const log = pino({ level: 'silent' });
    return fireDueTimers(
      { sql, clock: tmf.clock, kinds, directory, log, onCommit: committed, onFired: () => {} },
      'default',
    );
  }

  it('begins with resolved and closes the ticket by itself', async () => {
    const [tu, to] = [tmf.tu('v5'), tmf.to('v5')];
    const id = await open(tu, 'v5');
    await bring(tu, to, id, 'resolved');
    const early = await to('PATCH', `/troubleTicket/${id}`, { status: 'closed' });
    expect(early.status).toBe(409);
    expect(early.body.message).toMatch(/^The owner may close the ticket from \S+Z on; /);
    tmf.clock.advance(72 * HOUR_MS);
    // Tickets of the tests before may be due as well.
    expect(await fire()).toBeGreaterThan(0);
    const { body } = await tu('GET', `/troubleTicket/${id}`);
    expect(body.status).toBe('closed');
    expect(body.statusChangeHistory.at(-1)).toMatchObject({ status: 'closed' });
  });

  it('ends where the issuer takes the ticket up again, and lets the owner close afterwards', async () => {
    const [tu, to] = [tmf.tu('v4'), tmf.to('v4')];
    const id = await open(tu, 'v4');
    await bring(tu, to, id, 'resolved');
    await tu('PATCH', `/troubleTicket/${id}`, { status: 'inProgress', statusChangeReason: 'Still no line' });
    tmf.clock.advance(72 * HOUR_MS);
    await fire();
    expect((await tu('GET', `/troubleTicket/${id}`)).body).toMatchObject({
      status: 'inProgress',
      statusChangeReason: 'Still no line',
    });
    await to('PATCH', `/troubleTicket/${id}`, { status: 'resolved' });
    tmf.clock.advance(72 * HOUR_MS);
    const late = await to('PATCH', `/troubleTicket/${id}`, { status: 'closed' });
    expect(late).toMatchObject({ status: 200, body: { status: 'closed' } });
  });
});

describe('what OSS/J sees of states that it has no transaction for', () => {
  const sides = () => ({
    tu: tmf.server.as({ id: 'tu', name: 'Onivia desk', party: 'onivia' }),
    to: tmf.server.as({ id: 'to', name: 'Redco field', party: 'redco' }),
  });

  it.each([
    ['acknowledged', 'QUEUED', ['TU03', 'TU10'], ['TO11']],
    ['held', 'DEFERRED', ['TU03', 'TU10'], ['TO11']],
    ['rejected', 'CLOSED', [], []],
  ])('%s is %s, with no transaction that it cannot name', async (status, wire, forTu, forTo) => {
    const { tu, to } = sides();
    const id = await open(tmf.tu('v4'), 'v4');
    await bring(tmf.tu('v4'), tmf.to('v4'), id, status);
    const seen = (await tu('GET', `/troubleTicket/${id}`)).body;
    expect(seen).toMatchObject({ baseTroubleTicketState: wire, allowedTransactions: forTu });
    expect((await to('GET', `/troubleTicket/${id}`)).body.allowedTransactions).toEqual(forTo);
    const listed = await tu('GET', `/troubleTicket?baseTroubleTicketState=${wire}&limit=100`);
    expect(listed.body.troubleTickets.map(({ ticketId }: { ticketId: string }) => ticketId)).toContain(id);
    const open_ = await to('PUT', `/troubleTicket/${id}`, {
      dialog: 'x',
      baseTroubleTicketState: 'OPENACTIVE',
    });
    expect(open_).toMatchObject({
      status: 409,
      body: { code: 'invalidTransition', baseTroubleTicketState: wire, allowedTransactions: forTo },
    });
  });

  it('takes the present state back with a remark, and a cancellation', async () => {
    const { tu } = sides();
    const id = await open(tmf.tu('v4'), 'v4');
    await transact(tu, id, { baseTroubleTicketState: 'QUEUED', dialog: 'Any news?' });
    await transact(tu, id, { baseTroubleTicketState: 'CLOSED.CANCELED' });
    const { history } = (await tu('GET', `/troubleTicket/${id}/history`)).body;
    expect(history.map(({ code, from, to }: Record<string, unknown>) => [code, from, to])).toEqual([
      ['TU01', null, 'QUEUED'],
      ['TU10', 'QUEUED', 'QUEUED'],
      ['TU03', 'QUEUED', 'CLOSED.CANCELED'],
    ]);
    expect((await tmf.tu('v5')('GET', `/troubleTicket/${id}`)).body.status).toBe('cancelled');
  });

  it('shows moves that it has no transaction for without a code in its history', async () => {
    const { tu } = sides();
    const id = await open(tmf.tu('v4'), 'v4');
    await bring(tmf.tu('v4'), tmf.to('v4'), id, 'resolved');
    const { history } = (await tu('GET', `/troubleTicket/${id}/history`)).body;
    expect(history.map(({ code }: { code: string | null }) => code)).toEqual(['TU01', null, 'TO07']);
  });
});
