import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../../../test/clock.ts';
import { type TestClient, useServer } from '../../../../test/server.ts';
import { troubleKind } from '../kind.ts';
import { CLOSE_OUT, FULL_BODY, openTicket, PARTIES, transact } from './fixture/tickets.ts';
import { createOssjContract } from './routes.ts';

const HOUR_MS = 3_600_000;

const clock = createTestClock();
const server = useServer({
  kinds: [troubleKind],
  contracts: (store) => [createOssjContract(store)],
  clock,
  parties: PARTIES,
});

/** What a client sends to do each transaction. */
const REQUESTS: Record<string, Record<string, unknown>> = {
  TO02: { baseTroubleTicketState: 'DEFERRED.AWAITING-CANCELATION' },
  TU03: { baseTroubleTicketState: 'CLOSED.CANCELED' },
  TU04: { baseTroubleTicketState: 'OPENACTIVE' },
  TO05: { baseTroubleTicketState: 'DEFERRED.AWAITING-INFORMATION' },
  TU06: { baseTroubleTicketState: 'OPENACTIVE' },
  TO07: { baseTroubleTicketState: 'CLEARED', ...CLOSE_OUT },
  TU08: { baseTroubleTicketState: 'OPENACTIVE' },
  TU09: { baseTroubleTicketState: 'CLOSED' },
  TU10: {},
  TO11: {},
  TO12: { baseTroubleTicketState: 'CLOSED' },
};
const CODES = ['TU01', ...Object.keys(REQUESTS)];

type Setup = (tu: TestClient, to: TestClient) => Promise<string>;

async function cleared(tu: TestClient, to: TestClient): Promise<string> {
  const id = await openTicket(tu);
  await transact(to, id, { baseTroubleTicketState: 'CLEARED', ...CLOSE_OUT });
  return id;
}

const SETUPS: Record<string, Setup> = {
  none: async () => 'RED-999999',
  OPENACTIVE: (tu) => openTicket(tu),
  'DEFERRED.AWAITING-CANCELATION': async (tu, to) => {
    const id = await openTicket(tu);
    await transact(to, id, { baseTroubleTicketState: 'DEFERRED.AWAITING-CANCELATION' });
    return id;
  },
  'DEFERRED.AWAITING-INFORMATION': async (tu, to) => {
    const id = await openTicket(tu);
    await transact(to, id, { baseTroubleTicketState: 'DEFERRED.AWAITING-INFORMATION' });
    return id;
  },
  CLEARED: cleared,
  'CLEARED, guarantee over': async (tu, to) => {
    const id = await cleared(tu, to);
    clock.advance(72 * HOUR_MS);
    return id;
  },
  CLOSED: async (tu) => {
    const id = await openTicket(tu);
    await transact(tu, id, { baseTroubleTicketState: 'CLOSED' });
    return id;
  },
  'CLOSED.CANCELED': async (tu) => {
    const id = await openTicket(tu);
    await transact(tu, id, { baseTroubleTicketState: 'CLOSED.CANCELED' });
    return id;
  },
};

/**
 * What comes of each transaction (columns, in the order of CODES) in each state for each role: the code that is done
 * (two requests may mean the same one), or the status of the refusal. Written by hand from the published table.
 */
const EXPECTED: Record<string, { TU: string; TO: string }> = {
  none: {
    TU: 'TU01 404 404 404 404 404 404 404 404 404 404 404',
    TO: '400 404 404 404 404 404 404 404 404 404 404 404',
  },
  OPENACTIVE: {
    TU: '409 403 TU03 TU10 403 TU10 403 TU10 TU09 TU10 TU10 TU09',
    TO: '400 TO02 403 TO11 TO05 TO11 TO07 TO11 403 TO11 TO11 403',
  },
  'DEFERRED.AWAITING-CANCELATION': {
    TU: '409 TU10 TU03 TU04 409 TU04 409 TU04 409 TU10 TU10 409',
    TO: '400 TO11 403 403 409 403 409 403 409 TO11 TO11 409',
  },
  'DEFERRED.AWAITING-INFORMATION': {
    TU: '409 409 TU03 TU06 TU10 TU06 409 TU06 409 TU10 TU10 409',
    TO: '400 409 403 403 TO11 403 409 403 409 TO11 TO11 409',
  },
  CLEARED: {
    TU: '409 409 409 TU08 409 TU08 TU10 TU08 TU09 TU10 TU10 TU09',
    TO: '400 409 409 403 409 403 TO11 403 409 TO11 TO11 409',
  },
  'CLEARED, guarantee over': {
    TU: '409 409 409 TU08 409 TU08 TU10 TU08 TU09 TU10 TU10 TU09',
    TO: '400 409 409 403 409 403 TO11 403 TO12 TO11 TO11 TO12',
  },
  CLOSED: {
    TU: '409 409 409 409 409 409 409 409 409 409 409 409',
    TO: '400 409 409 409 409 409 409 409 409 409 409 409',
  },
  'CLOSED.CANCELED': {
    TU: '409 409 409 409 409 409 409 409 409 409 409 409',
    TO: '400 409 409 409 409 409 409 409 409 409 409 409',
  },
};

/** The state that each transaction leads to; the others keep the ticket where it is. */
const LEADS_TO: Record<string, string> = {
  TO02: 'DEFERRED.AWAITING-CANCELATION',
  TU03: 'CLOSED.CANCELED',
  TU04: 'OPENACTIVE',
  TO05: 'DEFERRED.AWAITING-INFORMATION',
  TU06: 'OPENACTIVE',
  TO07: 'CLEARED',
  TU08: 'OPENACTIVE',
  TU09: 'CLOSED',
  TO12: 'CLOSED',
};

async function create(client: TestClient, ticketId: string, issuer: TestClient) {
  const known = await issuer('GET', `/troubleTicket/${ticketId}`);
  const mirrorKey = known.status === 200 ? known.body.mirrorKey : `NEW-${client.actor.id}`;
  return client('POST', '/troubleTicket', { ...FULL_BODY, mirrorKey });
}

describe.each(Object.entries(EXPECTED))('in state %s', (state, byRole) => {
  describe.each(['TU', 'TO'] as const)('the %s', (role) => {
    const row = byRole[role].split(' ').map((outcome, index) => [CODES[index] ?? '', outcome] as const);

    it.each(row)('that sends %s gets %s', async (code, outcome) => {
      const tu = server.as({ id: 'tu', party: 'onivia' });
      const to = server.as({ id: 'to', party: 'redco' });
      const id = await (SETUPS[state] as Setup)(tu, to);
      const caller = role === 'TU' ? tu : to;
      const before = await tu('GET', `/troubleTicket/${id}`);
      const history = await tu('GET', `/troubleTicket/${id}/history`);
      const answer =
        code === 'TU01'
          ? await create(caller, id, tu)
          : await caller('PUT', `/troubleTicket/${id}`, { dialog: `This is ${code}.`, ...REQUESTS[code] });

      if (/^\d/.test(outcome)) {
        expect(answer.status).toBe(Number(outcome));
        expect(await tu('GET', `/troubleTicket/${id}`)).toMatchObject({
          status: before.status,
          text: before.text,
        });
        expect((await tu('GET', `/troubleTicket/${id}/history`)).text).toBe(history.text);
        return;
      }
      expect(answer.status).toBe(outcome === 'TU01' ? 201 : 200);
      const done = (await tu('GET', `/troubleTicket/${answer.body.ticketId}/history`)).body.history.at(-1);
      const from = before.status === 200 ? before.body.baseTroubleTicketState : null;
      const to_ = outcome === 'TU01' ? 'OPENACTIVE' : (LEADS_TO[outcome] ?? from);
      expect(done).toMatchObject({ code: outcome, role: outcome.slice(0, 2), from, to: to_ });
      expect(answer.body.baseTroubleTicketState).toBe(to_);
    });
  });
});
