import { request as httpRequest } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { keyOf, move, prepare, ticketIn, useService } from './fixture/service-server.ts';

const service = useService();
const client = service.client();
let address = '';
let operator = '';
beforeAll(async () => {
  operator = await service.operator();
  address = await service.server.app.listen({ host: '127.0.0.1', port: 0 });
});

const headers = () => ({
  authorization: `Bearer ${client.actor.account}.${client.actor.id}`,
  ...keyOf(service.server),
  'content-type': 'application/json',
});
const start = () => JSON.stringify({ transition: { type: 'start-service', operator_id: operator } });

describe('a client that follows redirects', () => {
  it('comes with fetch to the ticket in its new place, with the credentials that it sent', async () => {
    const id = await ticketIn(client, 'pending', operator);
    const answer = await fetch(`${address}/v2/tickets/pending-tickets/${id}`, {
      method: 'PATCH',
      headers: headers(),
      body: start(),
    });
    expect([answer.status, answer.redirected]).toEqual([200, true]);
    expect(answer.url).toBe(`${address}/v2/tickets/in-progress-tickets/${id}`);
    expect(await answer.json()).toMatchObject({ id, operator_id: operator });
  });

  it('comes so through a ticket’s whole life', async () => {
    const id = await prepare(client);
    let place = `${address}/v2/tickets/prepared-tickets/${id}`;
    for (const transition of [
      { type: 'submit' },
      { type: 'start-service', operator_id: operator },
      { type: 'outsource', provider_id: 'remote-24' },
      { type: 'reclaim' },
      { type: 'stop-service', vehicle_battery_voltage: '12v' },
    ]) {
      const body = JSON.stringify({ transition });
      const answer = await fetch(place, { method: 'PATCH', headers: headers(), body });
      expect(answer.status).toBe(200);
      place = answer.url;
    }
    expect(place).toBe(`${address}/v2/tickets/closed-tickets/${id}`);
  });

  it('is given a path and no body, if it does not follow by itself', async () => {
    const id = await ticketIn(client, 'pending', operator);
    const { status, location, body } = await new Promise<Record<string, unknown>>((resolve, reject) => {
      const url = `${address}/v2/tickets/pending-tickets/${id}`;
      const sent = httpRequest(url, { method: 'PATCH', headers: headers() }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () =>
          resolve({
            status: answer.statusCode,
            location: answer.headers.location,
            body: Buffer.concat(parts).toString(),
          }),
        );
      });
      sent.on('error', reject);
      sent.end(start());
    });
    expect({ status, location, body }).toEqual({
      status: 303,
      location: `/v2/tickets/in-progress-tickets/${id}`,
      body: '',
    });
  });

  it('is told 404 where it asks at the old place', async () => {
    const id = await ticketIn(client, 'pending', operator);
    await move(client, 'pending', id, { type: 'start-service', operator_id: operator });
    const answer = await fetch(`${address}/v2/tickets/pending-tickets/${id}`, { headers: headers() });
    expect(answer.status).toBe(404);
    await answer.body?.cancel();
  });
});
