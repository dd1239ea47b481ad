import { beforeAll, describe, expect, it } from 'vitest';
import { addPerson } from '../../../test/people.ts';
import { useServer } from '../../../test/server.ts';
import { createNativeContract } from '../../native/index.ts';
import { serviceCollections } from './collections.ts';
import { serviceKind } from './kind.ts';

const server = useServer({
  kinds: [serviceKind],
  collections: serviceCollections,
  contracts: (store) => [createNativeContract({ store })],
});
const worker = server.as({ id: 'worker', permissions: ['service.work', 'catalogue.write'] });
const TICKETS = '/api/v1/tickets';
const CREATE = {
  kind: 'service',
  customerId: '160c0c4b-9966-4dc1-a916-8407eb10d74e',
  vin: 'JH4KA7630PC007649',
  vehicleModelId: 7,
};

let olga = '';
let otto = '';
beforeAll(async () => {
  olga = await addPerson(server.store, { name: 'Olga', isOperator: true });
  otto = await addPerson(server.store, { name: 'Otto', isOperator: true });
});

async function open(...transitions: [name: string, input: object][]): Promise<string> {
  const made = await worker('POST', TICKETS, CREATE);
  expect(made.status, made.text).toBe(201);
  for (const [name, input] of transitions) {
    const answer = await worker('POST', `${TICKETS}/${made.body.key}/transitions`, { name, input });
    expect(answer.status, answer.text).toBe(200);
  }
  return made.body.key;
}
const begun = () => open(['submit', {}], ['startService', { operatorId: olga }]);

describe('service tickets in the product’s own API', () => {
  it('go through the same states, by the same rules', async () => {
    await worker('PUT', '/api/v1/vehicle-models/7', { make: 'Honda', name: 'NSX' });
    const key = await open(['submit', {}]);
    const refused = await worker('POST', `${TICKETS}/${key}/transitions`, {
      name: 'startService',
      input: { operatorId: '0199b4a2-5c1e-7d3f-8a6b-2f4e6c8d0b1a' },
    });
    expect(refused).toMatchObject({
      status: 400,
      body: {
        errors: [
          { pointer: '/input/operatorId', message: 'must be the id of an employee who is an operator' },
        ],
      },
    });
    const { body } = await worker('POST', `${TICKETS}/${key}/transitions`, {
      name: 'startService',
      input: { operatorId: olga },
    });
    expect(body).toMatchObject({
      state: 'inProgress',
      assignee: olga,
      title: 'Honda NSX, JH4KA7630PC007649',
    });
    const allowed = body.available.filter((one: { allowed: boolean }) => one.allowed);
    expect(allowed.map(({ name }: { name: string }) => name)).toEqual(['stopService', 'outsource', 'cancel']);
  });

  it('are given to another operator, and to nobody else', async () => {
    const key = await begun();
    const edit = (assignee: string) => worker('PATCH', `${TICKETS}/${key}`, { assignee });
    expect((await edit(otto)).body.assignee).toBe(otto);
    const refused = await edit('0199b4a2-5c1e-7d3f-8a6b-2f4e6c8d0b1a');
    expect(refused.status).toBe(400);
    expect(refused.body.errors).toMatchObject([{ pointer: '/assignee' }]);
  });

  it('take corrections only where they mean something', async () => {
    const key = await open();
    const { body } = await worker('PATCH', `${TICKETS}/${key}`, { assignee: olga, reclaimable: true });
    const message = 'cannot be set while the ticket is prepared';
    expect(body.errors).toEqual([
      { pointer: '/assignee', message },
      { pointer: '/reclaimable', message },
    ]);
    const voucher = await worker('PATCH', `${TICKETS}/${key}`, { voucherCode: 'AB12' });
    expect(voucher.body.fields.voucherCode).toBe('AB12');
    const out = await begun();
    await worker('POST', `${TICKETS}/${out}/transitions`, {
      name: 'outsource',
      input: { providerId: 'remote-24' },
    });
    const kept = await worker('PATCH', `${TICKETS}/${out}`, { reclaimable: false, providerTicketId: 'R-1' });
    expect(kept.body.fields).toMatchObject({ providerId: 'remote-24', providerTicketId: 'R-1' });
    expect(kept.body.fields).not.toHaveProperty('reclaimable');
  });

  it('are found by their vehicle and by what others call them', async () => {
    const key = await begun();
    await worker('POST', `${TICKETS}/${key}/transitions`, {
      name: 'stopService',
      input: { externalReference: 'INV-900' },
    });
    const reader = server.as({ id: 'reader', permissions: ['tickets.read'] });
    const found = await reader('GET', `${TICKETS}?q=inv-900`);
    expect(found.body.items.map((item: { key: string }) => item.key)).toEqual([key]);
    expect((await reader('GET', `${TICKETS}?q=jh4ka763`)).body.items.length).toBeGreaterThan(0);
  });
});
