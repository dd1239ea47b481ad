import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { SEED_TICKET, ticketIn, useService, VIOLATED } from './fixture/service-server.ts';

const service = useService();
const client = service.client();
let operator = '';
beforeAll(async () => {
  operator = await service.operator();
});

const anything = fc.jsonValue({ maxDepth: 3 });
const maybe = (valid: fc.Arbitrary<unknown>) => fc.oneof(valid, anything);
const text = fc.string({ unit: 'grapheme', maxLength: 300 });
const wish = fc.record(
  {
    customer_id: maybe(fc.constant(SEED_TICKET.customer_id)),
    vin: maybe(fc.constant(SEED_TICKET.vin)),
    vehicle_model_id: maybe(fc.integer()),
    connection_id: maybe(fc.uuid()),
    customer_reference: maybe(text),
    voucher_code: maybe(fc.stringMatching(/^[A-Z0-9]{3,9}$/)),
  },
  { requiredKeys: [] },
);
const types = ['submit', 'start-service', 'stop-service', 'outsource', 'reclaim', 'cancel', 'x'];
const transition = fc.record(
  {
    type: maybe(fc.constantFrom(...types)),
    operator_id: maybe(fc.uuid()),
    external_reference: maybe(text),
    vehicle_battery_voltage: maybe(fc.constantFrom('12v', '24v', '48v')),
    provider_id: maybe(text),
    provider_ticket_id: maybe(text),
    reclaimable: maybe(fc.boolean()),
    cancel_reason_id: maybe(text),
  },
  { requiredKeys: [] },
);

function expectProblem({ status, body }: { status: number; body: Record<string, unknown> }): void {
  expect([400, 404, 409]).toContain(status);
  expect(body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
  if (status !== 400) return;
  expect(body).toMatchObject({ detail: VIOLATED, type: '/problems/violations' });
  const violations = body.violations as { path: string; message: string; code: string }[];
  expect(violations.length).toBeGreaterThan(0);
  for (const { path, message, code } of violations) {
    expect(path).toMatch(/^(\/|$)/);
    expect(message).not.toBe('');
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  }
}

describe('no input, however broken, fails inside', () => {
  it('at creation', async () => {
    await fc.assert(
      fc.asyncProperty(maybe(wish), async (body) => {
        const answer = await client('POST', '/v2/tickets/prepared-tickets', JSON.stringify(body));
        if (answer.status !== 201) expectProblem(answer);
      }),
      { numRuns: 150 },
    );
  });

  it('on a ticket, in every state', async () => {
    const states = ['prepared', 'pending', 'in-progress', 'outsourced'] as const;
    const ids = new Map<string, string>();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...states), maybe(transition), async (state, wanted) => {
        const id = ids.get(state) ?? (await ticketIn(client, state, operator));
        const path = `/v2/tickets/${state}-tickets/${id}`;
        const answer = await client('PATCH', path, { transition: wanted });
        if (answer.status === 303) {
          ids.delete(state);
          expect((await client('GET', String(answer.headers.location))).status).toBe(200);
        } else {
          ids.set(state, id);
          expectProblem(answer);
          expect((await client('GET', path)).status).toBe(200);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('in a path or a query', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        const part = encodeURIComponent(given.toWellFormed()) || 'x';
        for (const path of [
          `/v2/tickets/pending-tickets?limit=${part}&offset=${part}&ticket_number=${part}`,
          `/v2/tickets/tickets?state=${part}&externally_processed=${part}`,
          `/v2/tickets/closed-tickets/${part}`,
          `/v2/operators?is_operator=${part}`,
          `/v2/system/events?after_id=${part}`,
        ]) {
          expectProblem(await client('GET', path));
        }
        const events = await client('GET', `/v2/system/events?type=${part}`);
        if (events.status !== 200) expectProblem(events);
      }),
      { numRuns: 60 },
    );
  });
});
