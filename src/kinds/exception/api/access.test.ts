import { describe, expect, it } from 'vitest';
import { BASE, refused, UPDATE_STATUS, useExceptions } from './fixture/exception-server.ts';

const exceptions = useExceptions();

const TEMPLATES = { templateForDayside: 'a', templateForAfterHours: 'b', templateForWestpark: 'c' };
const ACTION = { exceptionTypeIdentifier: 'X', ...TEMPLATES, tbsWorkItemRequestType: 1, priority: 1 };

/** Every standard operation, with a body that it would take. */
const OPERATIONS = (
  [
    ['GET', '/diagnostics/unhandledErrorTest'],
    ['GET', '/diagnostics/pendingTriggers/45678'],
    ['POST', '/diagnostics/pendingTriggers/commands/fireNow?triggerName=x'],
    ['GET', '/rules'],
    ['GET', '/rules/1'],
    ['PATCH', '/rules/1', { isActive: true }],
    ['POST', '/rules', {}],
    ['POST', '/rules/1/dryRun', {}],
    ['GET', '/rules/rules'],
    ['GET', '/rules/rules/1'],
    ['PATCH', '/rules/rules/1', { isActive: true }],
    ['GET', '/ticketExceptions'],
    ['GET', '/ticketExceptions/1'],
    ['GET', '/ticketExceptions/ticketExceptions'],
    ['GET', '/ticketExceptions/ticketExceptions/1'],
    ['GET', '/callToActions'],
    ['GET', '/callToActions/1'],
    ['POST', '/callToActions', ACTION],
    ['PATCH', '/callToActions/1', { priority: 2 }],
    ['GET', '/callToActions/callToActions'],
    ['GET', '/callToActions/callToActions/1'],
    ['POST', '/callToActions/callToActions', ACTION],
    ['PATCH', '/callToActions/callToActions/1', { priority: 2 }],
    ['GET', '/serviceProviderEscalationCandidates'],
    ['GET', '/serviceProviderEscalationCandidates/serviceProviderEscalationCandidates'],
    ['POST', '/workItemEvents', []],
    ['GET', '/workItems/45678'],
    ['GET', '/exceptionTypes'],
    ['GET', '/exceptionTypes/1'],
    ['POST', '/exceptionTypes', { identifier: 'X' }],
    ['PATCH', '/exceptionTypes/1', { description: 'x' }],
  ] as [string, string, unknown?][]
).map(([method, path, body]): [string, string, unknown] => [method, path, body]);

const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  exceptions.partner()(method, BASE + path, body, headers);

describe('every standard operation', () => {
  it.each(OPERATIONS)('%s %s needs a credential that is valid', async (method, path, body) => {
    for (const authorization of ['', 'Bearer nobody']) {
      const answer = await send(method, path, body, { authorization });
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual(refused('Unauthorized'));
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  it.each(OPERATIONS)('%s %s needs the persona DirectSupplyPartner', async (method, path, body) => {
    const { server } = exceptions;
    for (const stranger of [
      server.as({ permissions: ['admin'] }),
      server.as({ persona: 'directsupplypartner' }),
      exceptions.zendesk(),
    ]) {
      const answer = await stranger(method, BASE + path, body);
      expect(answer.status).toBe(403);
      expect(answer.body).toEqual(refused('Forbidden', 'The persona DirectSupplyPartner is needed.'));
    }
  });

  it.each(OPERATIONS.filter(([, path]) => /\/(?:[1-9]\d*)(?:$|\/)/.test(path)))(
    '%s %s takes digits alone',
    async (method, path, body) => {
      for (const id of ['x', '1x', '1.5', '-1', '9007199254740993']) {
        const answer = await send(method, path.replace(/\/\d+(?=$|\/)/, `/${id}`), body);
        expect(answer.status).toBe(400);
        expect(answer.body.errorCode).toBe('ValidationFailed');
      }
    },
  );

  it.each(OPERATIONS.filter(([, path]) => /\/1(?:$|\/)/.test(path)))(
    '%s %s knows only what is there',
    async (method, path, body) => {
      const answer = await send(method, path.replace(/\/1(?=$|\/)/, '/987654'), body);
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual(refused('NotFound'));
    },
  );

  it.each(OPERATIONS.filter(([method, path]) => method !== 'GET' && !path.includes('fireNow')))(
    '%s %s refuses a body that is none',
    async (method, path) => {
      for (const body of ['{', '"x"', '7', 'null']) {
        const answer = await send(method, path, body);
        expect(answer.status).toBe(400);
        expect(answer.body.errorCode).toBe('ValidationFailed');
      }
    },
  );
});

describe('what the contract does not serve', () => {
  it.each([
    ['GET', BASE],
    ['GET', `${BASE}/nowhere`],
    ['DELETE', `${BASE}/rules/1`],
    ['PUT', `${BASE}/callToActions/1`],
    ['GET', `${BASE}/exceptionTypes/exceptionTypes/1/2`],
    ['GET', UPDATE_STATUS],
    ['PATCH', '/ticketExceptions/public/v1/commands/updateStatus'],
    ['GET', '/ticketExceptions/public/v1/rules'],
  ])('%s %s is answered in its format', async (method, url) => {
    const answer = await exceptions.partner()(method, url);
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual(refused('NotFound', expect.any(String)));
    expect(answer.headers['content-type']).toBe('application/json');
  });

  it('a form or a body that is too large is refused in its format', async () => {
    const form = await send('POST', '/callToActions', 'a=b', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect([form.status, form.body]).toEqual([415, refused('ValidationFailed')]);
    const large = await send('POST', '/callToActions', { ...ACTION, more: 'x'.repeat(1_100_000) });
    expect([large.status, large.body]).toEqual([413, refused('ValidationFailed')]);
  });
});
