import { afterAll, beforeAll, expect, it } from 'vitest';
import { silent } from '../../../../../test/stores.ts';
import { forTheLog, until } from '../../../../../test/until.ts';
import { EMAIL, startZendesk, TOKEN, type ZendeskServer } from '../../../../../test/zendesk-server.ts';
import { type Jobs, openJobs } from '../../../../jobs/jobs.ts';
import { UPDATE_STATUS, useExceptions } from '../../api/fixture/exception-server.ts';
import { openException, type Seen, see, tryMove } from '../fixture/exceptions.ts';
import { zendeskQueue } from './queue.ts';
import { zendeskReader } from './reader.ts';
import { signWebhook } from './signature.ts';

const SECRET = 'a-signing-secret';
const { server, clock, setting, zendesk: clientOfZendesk } = useExceptions();
let zendesk: ZendeskServer;
let jobs: Jobs;
beforeAll(async () => {
  zendesk = await startZendesk();
  const settings = { url: zendesk.url, email: EMAIL, token: TOKEN, webhookSecret: SECRET };
  for (const [name, value] of Object.entries(settings)) await setting(`zendesk.${name}`, value);
  const queue = zendeskQueue(server.store);
  const { sql } = server.store;
  jobs = await openJobs({ sql, clock, log: silent, queues: [queue], upkeep: false });
  jobs.run([queue]);
});
afterAll(async () => {
  await jobs.stop();
  await zendesk.stop();
});

/** Reads the log and lets the jobs run, until the exception looks like this. */
async function untilSeen(id: string, isMeant: (seen: Seen) => boolean): Promise<Seen> {
  const reader = zendeskReader(server.store, jobs);
  return until(async () => {
    await reader.step('default');
    const seen = await see(server.store, 'default', id);
    return isMeant(seen) && seen;
  }, forTheLog);
}

/** A webhook as Zendesk sends it when an agent has changed the ticket; it can be delivered at any time, and again. */
function webhook(reference: string, status: string, { secret = SECRET } = {}) {
  const timestamp = clock.now().toISOString();
  clock.advance(1_000);
  const body = JSON.stringify({
    externalSystemIdentifier: 'zendesk',
    externalReferenceId: `ZDTICKET-${reference}`,
    status,
    comment: `It is ${status}.`,
  });
  const headers = {
    'x-zendesk-webhook-signature': signWebhook(secret, timestamp, Buffer.from(body)),
    'x-zendesk-webhook-signature-timestamp': timestamp,
  };
  return async () => (await clientOfZendesk()('PATCH', UPDATE_STATUS, body, headers)).status;
}

it('an exception goes to Zendesk and back, with webhooks that come twice, late, out of order and forged', {
  timeout: 90_000,
}, async () => {
  const id = await openException(server.store, 'default');
  const { helpDesk } = await untilSeen(id, (seen) => seen.helpDesk.answered);
  const reference = helpDesk.reference ?? '';
  const [pending, solved, opened] = ['pending', 'solved', 'open'].map((status) => webhook(reference, status));
  const forged = webhook(reference, 'solved', { secret: 'guessed' });

  expect(await solved?.()).toBe(204);
  expect((await see(server.store, 'default', id)).state).toBe('closed');
  expect([await solved?.(), await pending?.(), await pending?.()]).toEqual([204, 204, 204]);
  expect(await see(server.store, 'default', id)).toMatchObject({
    state: 'closed',
    helpDesk: { status: 'solved' },
    history: ['open', 'answer', 'solve', 'note'],
  });
  expect([await opened?.(), await forged()]).toEqual([204, 403]);
  expect(await see(server.store, 'default', id)).toMatchObject({
    state: 'open',
    helpDesk: { status: 'open' },
  });

  expect(await tryMove(server.store, 'default', id, 'settle', 'engine')).toMatchObject({ ok: true });
  await untilSeen(id, (seen) => seen.helpDesk.status === 'solved');
  expect(zendesk.tickets).toMatchObject([{ id: Number(reference), status: 'solved' }]);
  // Zendesk tells of what it was told, and an agent opens the ticket again.
  expect(await webhook(reference, 'solved')()).toBe(204);
  expect(await webhook(reference, 'open')()).toBe(204);
  expect(await see(server.store, 'default', id)).toMatchObject({
    state: 'closed',
    settled: true,
    helpDesk: { status: 'open', fault: null },
    history: ['open', 'answer', 'solve', 'note', 'reopen', 'settle', 'note', 'note', 'note'],
  });
  expect(zendesk.tickets[0]?.comments).toHaveLength(2);
});
