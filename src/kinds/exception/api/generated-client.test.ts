import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GeneratedClient, generateClient } from '../../../../test/generated-client.ts';
import { answered, useExceptions } from './fixture/exception-server.ts';

const exceptions = useExceptions();

/** Every field that it sends or reads is checked by the compiler against the published document. */
const JOURNEY = `
import createClient from 'openapi-fetch';
import type { paths } from './schema.d.ts';

export async function opening(baseUrl: string, authorization: string) {
  const client = createClient<paths>({ baseUrl, headers: { authorization } });
  const told: unknown[] = [];

  const rules = await client.GET('/ticketExceptions/v1/rules', { params: { query: { includeInactive: true } } });
  const rule = rules.data!.ticketExceptionRules[0]!;
  told.push(rule.exceptionTypeName, rules.data!.pageKey);
  const changed = await client.PATCH('/ticketExceptions/v1/rules/{ruleId}', {
    params: { path: { ruleId: rule.id } },
    body: { isActive: true, description: 'Updated description' },
  });
  told.push(changed.response.status);

  const action = await client.POST('/ticketExceptions/v1/callToActions', {
    body: {
      exceptionTypeIdentifier: rule.exceptionTypeName,
      templateForDayside: 'Please provide ETA within 2 hours',
      templateForAfterHours: 'Please provide ETA by next business day',
      templateForWestpark: 'Westpark team',
      tbsWorkItemRequestType: 1,
      priority: 5,
    },
  });
  const callToActionId: number = action.data!.id;
  await client.PATCH('/ticketExceptions/v1/callToActions/{callToActionId}', {
    params: { path: { callToActionId } },
    body: { priority: 8 },
  });
  const actions = await client.GET('/ticketExceptions/v1/callToActions');
  told.push(actions.data!.callToActions.map(({ priority }) => priority));

  const events = await client.POST('/ticketExceptions/v1/workItemEvents', {
    body: [{ id: 'e-1', type: 'NewWorkItem', occurredAt: '2026-03-02T09:00:00Z', authorizationNumber: 45678, requestType: 1, serviceProviderId: 9876, data: { priority: 2 } }],
  });
  told.push(events.data!.results[0]!.outcome);
  const path = { authorizationNumber: 45678 };
  const pending = await client.GET('/ticketExceptions/v1/diagnostics/pendingTriggers/{authorizationNumber}', {
    params: { path, query: { messageTypeContains: 'EtaMissing' } },
  });
  const { triggerName, nextFireTime } = pending.data!.triggers[0]!;
  told.push(triggerName, nextFireTime);
  const fired = await client.POST('/ticketExceptions/v1/diagnostics/pendingTriggers/commands/fireNow', {
    params: { query: { triggerName } },
  });
  told.push(fired.response.status);

  const list = await client.GET('/ticketExceptions/v1/ticketExceptions', {
    params: { query: { authorizationNumber: 45678, requestType: 1, serviceProviderId: 9876, includeClosedExceptions: false } },
  });
  const exception = list.data!.ticketExceptions[0]!;
  told.push(exception.subject, exception.tbsWorkItemAuthorizationNumber);
  const item = await client.GET('/ticketExceptions/v1/workItems/{authorizationNumber}', { params: { path } });
  told.push(item.data!.ticketExceptions.length, item.data!.facts.priority!.value);
  const candidates = await client.GET('/ticketExceptions/v1/serviceProviderEscalationCandidates');
  told.push(candidates.data!.map(({ openExceptionCount }) => openExceptionCount));
  const missing = await client.GET('/ticketExceptions/v1/rules/{ruleId}', { params: { path: { ruleId: 999 } } });
  told.push(missing.error!.errorCode, missing.error!.errors);
  return { told, ticketExceptionId: exception.id };
}

export async function closing(baseUrl: string, authorization: string, partner: string, ticketExceptionId: number) {
  const client = createClient<paths>({ baseUrl });
  const updated = await client.PATCH('/ticketExceptions/public/v1/ticketExceptions/commands/updateStatus', {
    headers: { authorization },
    body: { externalSystemIdentifier: 'zendesk', externalReferenceId: '12345', status: 'solved', comment: 'Resolved' },
  });
  const list = await client.GET('/ticketExceptions/v1/ticketExceptions', {
    headers: { authorization: partner },
    params: { query: { externalReferences: ['ZDTICKET-12345'], includeClosedExceptions: true } },
  });
  const one = await client.GET('/ticketExceptions/v1/ticketExceptions/{ticketExceptionId}', {
    headers: { authorization: partner },
    params: { path: { ticketExceptionId } },
  });
  return [updated.response.status, list.data!.ticketExceptions.length, one.data!.externalReferences[0]!.identifier];
}
`;

/** Each of the last lines is wrong, and the compiler has to say so. */
const MISTAKES = `
import createClient from 'openapi-fetch';
import type { paths } from './schema.d.ts';
const client = createClient<paths>({ baseUrl: '' });
client.GET('/ticketExceptions/v2/rules');
client.GET('/ticketExceptions/v1/rules/{ruleId}', { params: { path: { ruleId: 'one' } } });
client.POST('/ticketExceptions/v1/callToActions', { body: { exceptionTypeIdentifier: 'X' } });
client.PATCH('/ticketExceptions/public/v1/ticketExceptions/commands/updateStatus', { body: { externalSystemIdentifier: 'zendesk', externalReferenceId: '1', status: 'resolved' } });
client.GET('/ticketExceptions/v1/ticketExceptions', { params: { query: { authorizationNumber: 'x' } } });
`;

let client: GeneratedClient;
beforeAll(async () => {
  const document = (await exceptions.server.app.inject('/docs/exceptions/openapi.json')).json();
  client = await generateClient(document, { 'journey.ts': JOURNEY, 'mistakes.ts': MISTAKES });
});
afterAll(() => client.remove());

it('a client made from the published document opens an exception and hears of its end', async () => {
  expect(client.complaints('journey.ts')).toEqual([]);
  const url = await exceptions.server.app.listen({ port: 0, host: '127.0.0.1' });
  const tokenOf = ({ actor }: ReturnType<typeof exceptions.partner>) => `Bearer ${actor.account}.${actor.id}`;
  const [partner, zendesk] = [tokenOf(exceptions.partner()), tokenOf(exceptions.zendesk())];
  const { opening, closing } = await client.load('journey.ts');
  const { told, ticketExceptionId } = await opening(url, partner);
  expect(told).toEqual([
    'ETA_MISSING',
    null,
    204,
    [8],
    'accepted',
    'ETA_MISSING.1.45678',
    '2026-03-02T11:00:00Z',
    204,
    'Missing ETA for work item #45678',
    '45678',
    1,
    2,
    [],
    'NotFound',
    {},
  ]);
  await answered(exceptions.server.store, ticketExceptionId, '12345');
  expect(await closing(url, zendesk, partner, ticketExceptionId)).toEqual([204, 1, 'ZDTICKET-12345']);
}, 90_000);

it('its types know what the contract takes', () => {
  const lines = client.complaints('mistakes.ts').map((complaint) => Number(complaint.split(':')[0]));
  expect(new Set(lines)).toEqual(new Set([4, 5, 6, 7, 8]));
}, 90_000);
