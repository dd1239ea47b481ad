import { beforeAll, describe, expect, it } from 'vitest';
import {
  move,
  NOT_FOUND,
  prepare,
  refused,
  SEED_TICKET,
  STARTED,
  ticketIn,
  useService,
  violations,
} from './fixture/service-server.ts';
import { collectionPath, WIRE_STATES, type WireState } from './states.ts';

const service = useService();
const client = service.client();
let operator = '';
beforeAll(async () => {
  operator = await service.operator();
});

const BASE = { ...SEED_TICKET, created_at: STARTED, ticket_number: expect.any(Number) };
const NEW = { service_started_at: null, operator_id: null, voucher_code: null, outsourced: false };
const get = (state: WireState, id: string) => client('GET', `${collectionPath(state)}/${id}`);

describe('POST /v2/tickets/prepared-tickets', () => {
  it('prepares a ticket', async () => {
    const answer = await client('POST', '/v2/tickets/prepared-tickets', {
      ...SEED_TICKET,
      customer_reference: 'W-17',
      unknown: 'is left out',
    });
    expect(answer.status).toBe(201);
    const { id } = answer.body;
    expect(answer.body).toEqual({ ...BASE, id, customer_reference: 'W-17' });
    expect(answer.headers.location).toBe(`/v2/tickets/prepared-tickets/${id}`);
    expect(answer.headers.etag).toBe('"1"');
    expect((await get('prepared', id)).body).toEqual(answer.body);
  });

  it('needs no connection, and takes ids in capitals', async () => {
    const { connection_id: _, ...rest } = SEED_TICKET;
    const customer_id = rest.customer_id.toUpperCase();
    const answer = await client('POST', '/v2/tickets/prepared-tickets', { ...rest, customer_id });
    expect(answer.body).toMatchObject({ connection_id: null, customer_id: SEED_TICKET.customer_id });
  });

  it.each<[string, unknown, string, string]>([
    ['vin', 'JH4KA7630PC00764', '/vin', 'pattern'],
    ['vin', 'JH4KA7630PC0076490', '/vin', 'pattern'],
    ['vin', 'IH4KA7630PC007649', '/vin', 'pattern'],
    ['vin', 'OH4KA7630PC007649', '/vin', 'pattern'],
    ['vin', 'QH4KA7630PC007649', '/vin', 'pattern'],
    ['vin', 'jh4ka7630pc007649', '/vin', 'pattern'],
    ['vin', null, '/vin', 'type'],
    ['customer_id', 'ana', '/customer_id', 'format'],
    ['vehicle_model_id', -1, '/vehicle_model_id', 'minimum'],
    ['vehicle_model_id', 2 ** 53, '/vehicle_model_id', 'maximum'],
    ['vehicle_model_id', '7', '/vehicle_model_id', 'type'],
    ['connection_id', 'x', '/connection_id', 'format'],
    ['customer_reference', 'x'.repeat(256), '/customer_reference', 'max-length'],
    ['voucher_code', 'abc', '/voucher_code', 'pattern'],
  ])('refuses %s %j', async (name, value, path, code) => {
    const answer = await client('POST', '/v2/tickets/prepared-tickets', { ...SEED_TICKET, [name]: value });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(violations([path, expect.any(String), code]));
  });

  it('lists every fault of a body', async () => {
    const answer = await client('POST', '/v2/tickets/prepared-tickets', { vin: 'x' });
    expect(answer.body).toEqual(
      violations(
        ['/customer_id', 'is required', 'required'],
        ['/vehicle_model_id', 'is required', 'required'],
        ['/vin', 'must match the pattern ^[A-HJ-NPR-Z0-9]{17}$, such as WVWZZZ1KZ8W000001', 'pattern'],
      ),
    );
  });
});

describe('a ticket', () => {
  it('goes from a workshop’s wish to the end of the service, and keeps its id', async () => {
    const id = await prepare(client, { voucher_code: 'AB12' });
    const submitted = await move(client, 'prepared', id, { type: 'submit' });
    expect(submitted).toMatchObject({ status: 303, text: '' });
    expect(submitted.headers.location).toBe(`/v2/tickets/pending-tickets/${id}`);
    expect((await get('pending', id)).body).toEqual({ ...BASE, id });

    service.clock.advance(60_000);
    const started = await move(client, 'pending', id, { type: 'start-service', operator_id: operator });
    expect(started.headers.location).toBe(`/v2/tickets/in-progress-tickets/${id}`);
    const begun = {
      ...BASE,
      id,
      service_started_at: '2019-08-24T14:16:22Z',
      operator_id: operator,
      voucher_code: 'AB12',
      outsourced: false,
    };
    expect((await get('in-progress', id)).body).toEqual(begun);

    service.clock.advance(60_000);
    const stopped = await move(client, 'in-progress', id, {
      type: 'stop-service',
      external_reference: 'INV-1',
      vehicle_battery_voltage: '24v',
    });
    expect(stopped.headers.location).toBe(`/v2/tickets/closed-tickets/${id}`);
    expect((await get('closed', id)).body).toEqual({
      ...begun,
      finished_at: '2019-08-24T14:17:22Z',
      externally_processed: false,
      external_reference: 'INV-1',
      vehicle_battery_voltage: '24v',
    });
    service.clock.advance(-120_000);
  });

  it('is outsourced, taken back, outsourced again and closed by the provider', async () => {
    const id = await ticketIn(client, 'in-progress', operator);
    const answer = await move(client, 'in-progress', id, {
      type: 'outsource',
      provider_id: 'remote-24',
      provider_ticket_id: 'R-9',
    });
    expect(answer.headers.location).toBe(`/v2/tickets/outsourced-tickets/${id}`);
    const begun = { ...BASE, ...NEW, id, service_started_at: STARTED, operator_id: operator };
    expect((await get('outsourced', id)).body).toEqual({
      ...begun,
      outsourced: true,
      outsource_provider_id: 'remote-24',
      outsource_ticket_id: 'R-9',
      reclaimable: true,
    });
    const reclaimed = await move(client, 'outsourced', id, { type: 'reclaim' });
    expect(reclaimed.headers.location).toBe(`/v2/tickets/in-progress-tickets/${id}`);
    expect((await get('in-progress', id)).body).toEqual(begun);
    await move(client, 'in-progress', id, { type: 'outsource', provider_id: 'remote-24' });
    const stopped = await move(client, 'outsourced', id, { type: 'stop-service' });
    expect(stopped.headers.location).toBe(`/v2/tickets/closed-tickets/${id}`);
    expect((await get('closed', id)).body).toEqual({
      ...begun,
      outsourced: true,
      finished_at: STARTED,
      externally_processed: true,
      external_reference: null,
      vehicle_battery_voltage: null,
    });
  });

  it('is not taken back from a provider that keeps it', async () => {
    const id = await ticketIn(client, 'in-progress', operator);
    await move(client, 'in-progress', id, { type: 'outsource', provider_id: 'r', reclaimable: false });
    const answer = await move(client, 'outsourced', id, { type: 'reclaim' });
    expect(answer.status).toBe(409);
    expect(answer.body).toEqual(
      refused(409, 'conflict', 'Conflict', 'The ticket cannot be taken back from its provider.'),
    );
    expect((await get('outsourced', id)).body.reclaimable).toBe(false);
  });

  it.each<[WireState, object]>([
    ['prepared', { type: 'cancel' }],
    ['pending', { type: 'cancel', cancel_reason_id: null }],
    ['pending', { type: 'cancel', cancel_reason_id: 'duplicate' }],
    ['in-progress', { type: 'cancel', cancel_reason_id: 'no-connection' }],
  ])('that is %s is cancelled by %j', async (state, transition) => {
    const id = await ticketIn(client, state, operator);
    const answer = await move(client, state, id, transition);
    expect(answer).toMatchObject({ status: 303, text: '' });
    expect(answer.headers.location).toBe(`/v2/tickets/cancelled-tickets/${id}`);
    const begun = state === 'in-progress' ? { service_started_at: STARTED, operator_id: operator } : {};
    expect((await get('cancelled', id)).body).toEqual({
      ...BASE,
      ...NEW,
      ...begun,
      id,
      finished_at: STARTED,
      externally_processed: false,
      external_reference: null,
      vehicle_battery_voltage: null,
      cancel_reason_id: (transition as { cancel_reason_id?: string }).cancel_reason_id ?? null,
    });
  });

  it.each(WIRE_STATES)('that is %s stands there and nowhere else', async (state) => {
    const id = await ticketIn(client, state, operator);
    for (const other of WIRE_STATES) {
      const answer = await get(other, id);
      if (other === state) expect(answer.status).toBe(200);
      else expect(answer).toMatchObject({ status: 404, body: NOT_FOUND });
    }
    const any = await client('GET', `/v2/tickets/tickets/${id}`);
    expect(any.body).toEqual({ ...(await get(state, id)).body, state });
  });

  it.each<[WireState, WireState, object]>([
    ['pending', 'prepared', { type: 'submit' }],
    ['in-progress', 'pending', { type: 'start-service', operator_id: '' }],
    ['closed', 'in-progress', { type: 'stop-service' }],
    ['cancelled', 'pending', { type: 'cancel' }],
    ['in-progress', 'outsourced', { type: 'reclaim' }],
  ])('that is %s is not found by a PATCH of %s tickets', async (state, other, transition) => {
    const id = await ticketIn(client, state, operator);
    const before = (await get(state, id)).body;
    const asked = 'operator_id' in transition ? { ...transition, operator_id: operator } : transition;
    const answer = await move(client, other, id, asked);
    expect(answer).toMatchObject({ status: 404, body: NOT_FOUND });
    expect((await get(state, id)).body).toEqual(before);
  });

  it.each(['closed', 'cancelled'] as const)('that is %s has no transitions', async (state) => {
    const id = await ticketIn(client, state, operator);
    const answer = await move(client, state, id, { type: 'submit' });
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual(refused(404, 'not-found', 'Not found'));
  });
});

describe('a transition', () => {
  it.each<[WireState, unknown, string, string, string]>([
    ['pending', { type: 'start-service' }, '/transition/operator_id', 'is required', 'required'],
    ['pending', {}, '/transition/type', 'is required', 'required'],
    ['pending', { type: 'submit' }, '/transition/type', 'must be one of start-service, cancel', 'enum'],
    ['prepared', { type: 'start-service' }, '/transition/type', 'must be one of submit, cancel', 'enum'],
    ['pending', 'start-service', '/transition', 'must be an object', 'type'],
    ['pending', null, '/transition', 'must be an object', 'type'],
    ['in-progress', { type: 'outsource' }, '/transition/provider_id', 'is required', 'required'],
    ['in-progress', { type: 'cancel' }, '/transition/cancel_reason_id', 'is required', 'required'],
    [
      'in-progress',
      { type: 'stop-service', external_reference: 'x'.repeat(256) },
      '/transition/external_reference',
      'must have at most 255 characters',
      'max-length',
    ],
    [
      'in-progress',
      { type: 'stop-service', vehicle_battery_voltage: '6v' },
      '/transition/vehicle_battery_voltage',
      'must be one of 12v, 24v or null',
      'type',
    ],
  ])('of a ticket that is %s refuses %j', async (state, transition, path, message, code) => {
    const id = await ticketIn(client, state, operator);
    const answer = await move(client, state, id, transition);
    expect(answer.body).toEqual(violations([path, message, code]));
    expect((await get(state, id)).headers.etag).toBe(
      `"${{ prepared: 1, pending: 2, 'in-progress': 3 }[state as 'pending']}"`,
    );
  });

  it('refuses a body without one', async () => {
    const id = await ticketIn(client, 'pending', operator);
    const answer = await client('PATCH', `/v2/tickets/pending-tickets/${id}`, { type: 'cancel' });
    expect(answer.body).toEqual(violations(['/transition', 'is required', 'required']));
  });

  it('is the same answer again under the same Idempotency-Key, and refused under another If-Match', async () => {
    const id = await ticketIn(client, 'pending', operator);
    const start = { type: 'start-service', operator_id: operator };
    const stale = await move(client, 'pending', id, start, { 'if-match': '"1"' });
    expect(stale.status).toBe(412);
    expect(stale.body).toEqual(
      refused(412, 'precondition-failed', 'Precondition failed', 'The ticket is at version 2, not 1.'),
    );
    const key = { 'idempotency-key': `start-${id}`, 'if-match': '"2"' };
    const first = await move(client, 'pending', id, start, key);
    const again = await move(client, 'pending', id, start, key);
    expect([first.status, again.status]).toEqual([303, 303]);
    expect(again.headers.location).toBe(first.headers.location);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await get('in-progress', id)).headers.etag).toBe('"3"');
  });

  it('tells in the history who did it, through which contract', async () => {
    const id = await ticketIn(client, 'cancelled', operator);
    const { sql } = service.server.store;
    const events = await sql`
      select name, from_state, to_state, contract, actor->>'name' as who, data, reason from event
      where account = 'default' and ticket = ${id} order by seq`;
    const who = { contract: 'service', who: 'Workshop portal' };
    expect(events.map((event) => ({ ...event }))).toEqual([
      { ...who, name: 'create', from_state: null, to_state: 'prepared', data: {}, reason: null },
      { ...who, name: 'submit', from_state: 'prepared', to_state: 'pending', data: {}, reason: null },
      {
        ...who,
        name: 'startService',
        from_state: 'pending',
        to_state: 'inProgress',
        data: { operatorId: operator },
        reason: null,
      },
      {
        ...who,
        name: 'cancel',
        from_state: 'inProgress',
        to_state: 'cancelled',
        data: { cancelReasonId: 'no-connection' },
        reason: 'no-connection',
      },
    ]);
  });
});

describe('an account that keeps reference data', () => {
  it('takes no provider and no reason that it does not have', async () => {
    const id = await ticketIn(client, 'in-progress', operator);
    await service.put('service-providers', 'slow', { name: 'Slow', reclaimable: false });
    await service.put('cancel-reasons', 'gone', { name: 'The vehicle has gone' });
    const unknown = 'must be the key of a service provider of the account';
    expect((await move(client, 'in-progress', id, { type: 'outsource', provider_id: 'x' })).body).toEqual(
      violations(['/transition/provider_id', unknown, 'unknown']),
    );
    const noReason = 'must be the key of a cancel reason of the account';
    expect((await move(client, 'in-progress', id, { type: 'cancel', cancel_reason_id: 'x' })).body).toEqual(
      violations(['/transition/cancel_reason_id', noReason, 'unknown']),
    );
    await move(client, 'in-progress', id, { type: 'outsource', provider_id: 'slow' });
    expect((await get('outsourced', id)).body.reclaimable).toBe(false);
  });
});
