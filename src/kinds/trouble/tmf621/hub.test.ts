import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../../../test/actors.ts';
import { tmf621Faults } from '../../../../test/tmf621-schema.ts';
import { forTheLog, until } from '../../../../test/until.ts';
import { type Jobs, openJobs } from '../../../jobs/jobs.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { newId } from '../../../kernel/id.ts';
import { writeSetting } from '../../../store/accounts.ts';
import { importEntries } from '../../../store/catalogue/import-entries.ts';
import { LOG_START, readLog } from '../../../store/log.ts';
import { type Courier, createCourier } from '../../../webhooks/courier.ts';
import { createWebhooks, type Webhooks } from '../../../webhooks/webhooks.ts';
import { specifications } from '../collections.ts';
import { openTicket, transact } from '../ossj/fixture/tickets.ts';
import { type Heard, type Listener, startListener } from './fixture/listener.ts';
import { BASES, checked, open, useTmf, VERSIONS } from './fixture/tmf-server.ts';
import { createHubFormats } from './routes.ts';
import { SPECIFICATION_EVENT_NAMES } from './v5/specification/event-names.ts';

const tmf = useTmf();
let listener: Listener;
let courier: Courier;
let jobs: Jobs;
let webhooks: Webhooks;

beforeAll(async () => {
  const { store } = tmf.server;
  await writeSetting(store.sql, 'default', 'webhooks.allowPrivateAddresses', 'true');
  tmf.clock.advance(1000);
  listener = await startListener();
  courier = createCourier(store, createHubFormats(store));
  const { sql, log } = store;
  jobs = await openJobs({ sql, clock: systemClock, log, queues: [courier.queue], upkeep: false });
  webhooks = createWebhooks(store, jobs, courier);
  jobs.run([courier.queue]);
});
afterAll(async () => {
  await jobs.stop();
  courier.close();
  await listener.close();
});

/** Reads the log until a listener's path has heard so many events. */
async function hear(path: string, count: number): Promise<Heard[]> {
  const found = () => listener.heard.filter((one) => one.path === path);
  await until(async () => {
    await webhooks.readLog('default');
    webhooks.wake();
    return found().length >= count;
  }, forTheLog);
  return found();
}

const typesOf = (heard: readonly Heard[]) => heard.map(({ body }) => body.eventType);
const ossj = (party: string) => tmf.server.as({ id: party === 'redco' ? 'to' : 'tu', party });

describe.each(VERSIONS)('a hub in %s', (version) => {
  async function register(query?: string): Promise<{ id: string; path: string }> {
    const path = `/${version}/${newId(new Date())}`;
    const body = { callback: listener.url + path, ...(query !== undefined && { query }) };
    const answer = await tmf.tu(version)('POST', '/hub', body);
    expect(answer, answer.text).toMatchObject({ status: 201 });
    return { id: answer.body.id, path };
  }

  const expectEvents = (heard: readonly Heard[]) => {
    for (const { body } of heard) expect(tmf621Faults(version, body.eventType, body)).toEqual([]);
  };

  it('is registered, read and taken away', async () => {
    const tu = tmf.tu(version);
    const body = { callback: `${listener.url}/x`, query: 'eventType=TroubleTicketStatusChangeEvent' };
    const made = await tu('POST', '/hub', body, { 'idempotency-key': `hub-${version}` });
    const { id } = made.body;
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id,
      ...body,
      ...(version === 'v5' && { href: `${BASES.v5}/hub/${id}`, '@type': 'Hub' }),
    });
    expect(made.headers.location).toBe(`${BASES[version]}/hub/${id}`);
    const again = await tu('POST', '/hub', body, { 'idempotency-key': `hub-${version}` });
    expect(again.text).toBe(made.text);
    const read = await tu('GET', `/hub/${id}`);
    if (version === 'v5') expect(read.body).toEqual(made.body);
    else expect(read.status).toBe(404);
    expect((await tmf.to(version)('DELETE', `/hub/${id}`)).status).toBe(404);
    const other = version === 'v4' ? 'v5' : 'v4';
    expect((await tmf.tu(other)('DELETE', `/hub/${id}`)).status).toBe(404);
    expect((await tu('DELETE', `/hub/${id}`)).status).toBe(204);
    expect((await tu('DELETE', `/hub/${id}`)).status).toBe(404);
  });

  it.each([
    [{}, '/callback'],
    [{ callback: 'ftp://x.example' }, '/callback'],
    [{ callback: 'nowhere' }, '/callback'],
    [{ callback: 'http://a:b@x.example' }, '/callback'],
    [{ callback: 'http://x.example', query: 'colour=red' }, '/query'],
    [{ callback: 'http://x.example', query: 'eventType=Other' }, '/query'],
    [{ callback: 'http://x.example', query: 7 }, '/query'],
  ])('refuses %j', async (body, pointer) => {
    const answer = await tmf.tu(version)('POST', '/hub', body);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  it('is for parties, and for staff who may keep webhooks', async () => {
    const body = { callback: `${listener.url}/staff` };
    expect((await tmf.staff(version)('POST', '/hub', body)).status).toBe(403);
    const keeper = tmf.staff(version, ['trouble.operate', 'webhooks.write']);
    const { id } = (await keeper('POST', '/hub', body)).body;
    expect((await keeper('DELETE', `/hub/${id}`)).status).toBe(204);
    expect((await tmf.staff(version)('DELETE', `/hub/${id}`)).status).toBe(403);
  });

  it('hears what happens to its party’s tickets, whichever contract does it, in order and in the standard’s shape', async () => {
    const { id: hub, path } = await register();
    const id = await open(tmf.tu(version), version, { status: 'inProgress' });
    await transact(ossj('redco'), id, { baseTroubleTicketState: 'DEFERRED.AWAITING-INFORMATION' });
    await tmf.tu(version)('PATCH', `/troubleTicket/${id}`, { status: 'inProgress' });
    await tmf.tu(version)('PATCH', `/troubleTicket/${id}`, { severity: 'Minor' });
    await tmf.to(version)('PATCH', `/troubleTicket/${id}`, {
      status: 'resolved',
      statusChangeReason: 'Done',
    });
    const heard = await hear(path, 9);
    expect(typesOf(heard)).toEqual([
      'TroubleTicketCreateEvent',
      'TroubleTicketStatusChangeEvent',
      'TroubleTicketInformationRequiredEvent',
      'TroubleTicketAttributeValueChangeEvent',
      'TroubleTicketStatusChangeEvent',
      'TroubleTicketAttributeValueChangeEvent',
      'TroubleTicketStatusChangeEvent',
      'TroubleTicketResolvedEvent',
      'TroubleTicketAttributeValueChangeEvent',
    ]);
    expectEvents(heard);
    expect(new Set(heard.map(({ body }) => body.eventId)).size).toBe(9);
    for (const { body, headers } of heard) {
      expect(body.event.troubleTicket.id).toBe(id);
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
    }
    expect(heard.at(-1)?.body.event.troubleTicket).toEqual(
      (await tmf.tu(version)('GET', `/troubleTicket/${id}`)).body,
    );
    await tmf.tu(version)('DELETE', `/hub/${hub}`);
  });

  it('hears only what its query asks for, of its own tickets, and of a ticket that is erased which it was', async () => {
    const { id: hub, path } = await register(
      'eventType=TroubleTicketDeleteEvent,TroubleTicketStatusChangeEvent',
    );
    const stranger = checked(version, tmf.server.as({ id: 'stranger', party: 'stranger' }));
    const foreign = await open(stranger, version);
    await stranger('PATCH', `/troubleTicket/${foreign}`, { status: 'cancelled' });
    const id = await openTicket(ossj('onivia'));
    await tmf.tu(version)('PATCH', `/troubleTicket/${id}`, { severity: 'Minor' });
    await tmf.tu(version)('PATCH', `/troubleTicket/${id}`, { status: 'cancelled' });
    await hear(path, 1);
    const staff = tmf.staff(version, ['tickets.read', 'tickets.delete']);
    expect((await staff('DELETE', `/troubleTicket/${id}`)).status).toBe(204);
    const heard = await hear(path, 2);
    expect(typesOf(heard)).toEqual(['TroubleTicketStatusChangeEvent', 'TroubleTicketDeleteEvent']);
    expectEvents(heard);
    expect(heard[1]?.body.event).toEqual({
      troubleTicket: {
        id,
        href: `${BASES[version]}/troubleTicket/${id}`,
        '@type': version === 'v4' ? 'TroubleTicket' : 'TroubleTicketRef',
      },
    });
    await tmf.tu(version)('DELETE', `/hub/${hub}`);
  });
});

it('a hub in v5 hears what becomes of specifications, whoever they are for, whichever way they are kept', async () => {
  const path = `/v5/${newId(new Date())}`;
  const query = SPECIFICATION_EVENT_NAMES.map((name) => `eventType=${name}`).join('&');
  const hub = await tmf.tu('v5')('POST', '/hub', { callback: listener.url + path, query });
  expect(hub, hub.text).toMatchObject({ status: 201 });
  const keeper = tmf.staff('v5', ['catalogue.write', 'tickets.read']);
  const made = await keeper('POST', '/troubleTicketSpecification', { name: 'Bill dispute' });
  const one = `/troubleTicketSpecification/${made.body.id}`;
  await hear(path, 1);
  await keeper('PATCH', one, { lifecycleStatus: 'active' });
  await keeper('PATCH', one, { lifecycleStatus: 'active' });
  await keeper('PATCH', one, { lifecycleStatus: 'retired', description: 'As it was.' });
  const { store } = tmf.server;
  const renamed = { key: made.body.id, data: { name: 'Dispute', lifecycleStatus: 'retired' }, place: '' };
  const imported = await importEntries(store, {
    ...{
      actor: actorOf('default', null),
      contract: 'native',
      collection: specifications,
      entries: [renamed],
    },
    ...{ idempotency: null, dryRun: false, answer: () => ({ status: 200, headers: {}, body: '' }) },
  });
  expect(imported.ok).toBe(true);
  await hear(path, 5);
  expect((await keeper('DELETE', one)).status).toBe(204);
  const heard = await hear(path, 6);
  expect(typesOf(heard)).toEqual([
    'TroubleTicketSpecificationCreateEvent',
    'TroubleTicketSpecificationStatusChangeEvent',
    'TroubleTicketSpecificationStatusChangeEvent',
    'TroubleTicketSpecificationAttributeValueChangeEvent',
    'TroubleTicketSpecificationAttributeValueChangeEvent',
    'TroubleTicketSpecificationDeleteEvent',
  ]);
  for (const { body } of heard) expect(tmf621Faults('v5', body.eventType, body)).toEqual([]);
  expect(heard[0]?.body.event).toEqual({ troubleTicketSpecification: made.body });
  const href = `${BASES.v5}${one}`;
  expect(heard[5]?.body.event).toEqual({
    troubleTicketSpecification: { id: made.body.id, href, '@type': 'TroubleTicketSpecificationRef' },
  });
  const log = await readLog(store.sql, 'default', LOG_START, 10_000);
  expect(log.filter(({ type }) => !type.startsWith('ticket.'))).toEqual([]);
  await tmf.tu('v5')('DELETE', `/hub/${hub.body.id}`);
});

it('a hub in v4 knows no events of specifications', async () => {
  const body = { callback: listener.url, query: `eventType=${SPECIFICATION_EVENT_NAMES[0]}` };
  const answer = await tmf.tu('v4')('POST', '/hub', body);
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/query' }] } });
});
