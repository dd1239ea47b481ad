import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { answered, BASE, openException, UPDATE_STATUS, useExceptions } from './fixture/exception-server.ts';

const exceptions = useExceptions();
beforeAll(async () => {
  const number = await openException(exceptions.server.store);
  await answered(exceptions.server.store, number, '1');
});

const anything = fc.jsonValue({ maxDepth: 3 });
const maybe = (valid: fc.Arbitrary<unknown>) => fc.oneof(valid, anything);
const some = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { requiredKeys: [] });
const text = fc.string({ unit: 'grapheme', maxLength: 100 });
const template = fc
  .array(fc.constantFrom('{{', '}}', '{%', '%}', ' now ', '|', ' if ', 'date', '"', '\n', 'x', '(1..9)'), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));
const number = fc.oneof(fc.nat(), fc.integer(), fc.double());
const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom('2026-03-02T09:00:00Z', '2026-02-30T00:00:00Z', '0000-01-01T00:00:00Z', 'now'),
);

const event = some({
  id: maybe(text),
  type: maybe(
    fc.constantFrom('NewWorkItem', 'StatusEvent', 'BidModification', 'AttachmentUpdated', 'constructor'),
  ),
  occurredAt: maybe(time),
  authorizationNumber: maybe(fc.oneof(number, fc.nat().map(String))),
  requestType: maybe(number),
  serviceProviderId: maybe(number),
  serviceProviderName: maybe(text),
  data: maybe(some({ priority: number, status: text, etaAt: time, team: text, amount: number })),
});
const action = some({
  exceptionTypeIdentifier: maybe(text),
  templateForDayside: maybe(template),
  templateForAfterHours: maybe(template),
  templateForWestpark: maybe(template),
  tbsWorkItemRequestType: maybe(number),
  priority: maybe(number),
});
const matches = maybe(
  fc.array(some({ events: maybe(fc.array(fc.constantFrom('NewWorkItem', 'x'))), when: anything }), {
    maxLength: 2,
  }),
);
const rule = some({
  exceptionTypeId: maybe(fc.constantFrom(1, 2, 99)),
  isActive: maybe(fc.boolean()),
  description: maybe(text),
  arms: matches,
  condition: maybe(
    some({ fact: fc.constantFrom('etaAt', 'status', 'x'), is: fc.constant('known'), eq: anything }),
  ),
  delay: maybe(
    some({
      after: maybe(fc.constantFrom('PT1H', 'P9999Y')),
      time: fc.constant('plain'),
      from: maybe(fc.constant('event')),
    }),
  ),
  disarms: matches,
  settles: matches,
  subject: maybe(template),
  comment: maybe(template),
});
const update = some({
  externalSystemIdentifier: maybe(fc.constant('zendesk')),
  externalReferenceId: maybe(fc.constantFrom('1', 'ZDTICKET-1', 1)),
  status: maybe(fc.constantFrom('open', 'solved')),
  comment: maybe(text),
});

const STANDARD: readonly (readonly [string, string, fc.Arbitrary<unknown>])[] = [
  ['POST', '/workItemEvents', fc.oneof(event, fc.array(event, { maxLength: 5 }))],
  ['POST', '/callToActions', action],
  ['PATCH', '/callToActions/1', action],
  ['POST', '/rules', rule],
  ['PATCH', '/rules/1', rule],
  ['POST', '/rules/1/dryRun', some({ rule: maybe(rule), from: maybe(time), to: maybe(time) })],
  ['POST', '/exceptionTypes', some({ identifier: maybe(text), description: maybe(text) })],
  ['PATCH', '/exceptionTypes/1', some({ identifier: maybe(text), description: maybe(text) })],
];

it.each(STANDARD)(
  '%s %s answers whatever it is sent, and never with a 5xx',
  async (method, path, bodies) => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 4, arbitrary: bodies }, { weight: 1, arbitrary: anything }),
        async (body) => {
          const answer = await exceptions.partner()(method, BASE + path, body);
          expect(answer.status, answer.text).toBeLessThan(500);
          if (answer.status >= 400) {
            expect(answer.body).toEqual({
              errorCode: expect.any(String),
              message: expect.any(String),
              errors: expect.any(Object),
            });
          }
        },
      ),
      { numRuns: 60 },
    );
  },
  60_000,
);

it('updateStatus answers whatever it is sent, and never with a 5xx', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(update, anything), async (body) => {
      const answer = await exceptions.zendesk()('PATCH', UPDATE_STATUS, body);
      expect([204, 400, 403, 404], answer.text).toContain(answer.status);
    }),
    { numRuns: 100 },
  );
}, 60_000);

it('no query and no id makes a 5xx', async () => {
  const names = fc.constantFrom(
    'pageKey',
    'authorizationNumber',
    'requestType',
    'serviceProviderId',
    'includeClosedExceptions',
    'includeInactive',
    'externalReferences',
    'externalReferences[]',
    'externalReferences[9]',
    'messageTypeContains',
    'triggerName',
    '__proto__',
  );
  const value = fc.oneof(
    text,
    fc.nat().map(String),
    fc.constantFrom('true', '%00', '%', '\ud800', '1,2', "'", '%25_'),
  );
  const path = fc.constantFrom(
    'GET /ticketExceptions',
    'GET /rules',
    'GET /callToActions',
    'GET /serviceProviderEscalationCandidates',
    'GET /diagnostics/pendingTriggers/1',
    'POST /diagnostics/pendingTriggers/commands/fireNow',
    'GET /ticketExceptions/ID',
    'GET /rules/ID',
    'GET /workItems/ID',
    'GET /diagnostics/pendingTriggers/ID',
  );
  await fc.assert(
    fc.asyncProperty(
      path,
      value,
      fc.array(fc.tuple(names, value), { maxLength: 4 }),
      async (target, id, query) => {
        const [method = '', url = ''] = target.replace('ID', encode(id)).split(' ');
        const search = query.map(([name, given]) => `${encode(name)}=${encode(given)}`).join('&');
        const answer = await exceptions.partner()(method, `${BASE}${url}?${search}`);
        expect(answer.status, answer.text).toBeLessThan(500);
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);

/** Percent-encoded where that can be done, else as it stands. */
function encode(value: string): string {
  return value.isWellFormed() && !value.startsWith('%') ? encodeURIComponent(value) : '%';
}
