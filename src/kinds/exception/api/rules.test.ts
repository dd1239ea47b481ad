import { describe, expect, it } from 'vitest';
import { findEntry } from '../../../store/catalogue/find.ts';
import { RULES } from '../rules/rule.ts';
import { BASE, refused, useExceptions } from './fixture/exception-server.ts';

const exceptions = useExceptions();
const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  exceptions.partner()(method, BASE + path, body, headers);

const SHIPPED = [
  'ETA_MISSING',
  'ETA_PASSED',
  'BID_NOT_RECEIVED',
  'BID_REVIEW_OVERDUE',
  'NTE_EXTENSION_PENDING',
  'NO_STATUS_UPDATE',
  'EMERGENCY_NOT_ACCEPTED',
  'CUSTOMER_NOT_NOTIFIED',
  'PROJECT_NOT_STARTED',
  'INVOICE_ATTACHMENT_MISSING',
];
interface Rule {
  readonly id: number;
  readonly exceptionTypeName: string;
}
async function stored(id: number) {
  const collection = exceptions.server.store.collections.get(RULES);
  if (!collection) throw new Error('There are no rules');
  return (await findEntry(exceptions.server.store.sql, 'default', collection, String(id)))?.data;
}

describe('the rules', () => {
  it('that ship are listed in the order of their ids', async () => {
    const { status, body } = await send('GET', '/rules');
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['ticketExceptionRules', 'pageKey']);
    const rules = body.ticketExceptionRules as Rule[];
    expect(new Set(rules.map(({ exceptionTypeName }) => exceptionTypeName))).toEqual(new Set(SHIPPED));
    expect(rules.map(({ id }) => id)).toEqual(rules.map(({ id }) => id).sort((a, b) => a - b));
    expect(body.pageKey).toBeNull();
    expect((await send('GET', '/rules/rules')).body).toEqual(body);
  });

  it('are found one by one', async () => {
    const { body } = await send('GET', '/rules');
    for (const rule of body.ticketExceptionRules) {
      expect(rule).toEqual({
        id: expect.any(Number),
        isActive: true,
        exceptionTypeId: expect.any(Number),
        exceptionTypeName: expect.any(String),
        description: expect.stringMatching(/./),
      });
      for (const path of [`/rules/${rule.id}`, `/rules/rules/${rule.id}`]) {
        expect((await send('GET', path)).body).toEqual(rule);
      }
    }
  });

  it('are left out of the list while they are switched off, unless they are asked for', async () => {
    const ids = async (query = '') =>
      (await send('GET', `/rules${query}`)).body.ticketExceptionRules.map(({ id }: Rule) => id);
    const before = await ids();
    const [first] = before;
    await send('PATCH', `/rules/${first}`, { isActive: false });
    expect(await ids()).toEqual(before.slice(1));
    expect(await ids('?includeInactive=true')).toEqual(before);
    expect(await ids('?includeInactive=TRUE')).toEqual(before);
    expect((await send('GET', `/rules/${first}`)).body.isActive).toBe(false);
    await send('PATCH', `/rules/${first}`, { isActive: true });
    expect(await ids()).toEqual(before);
  });
});

describe('a change of a rule', () => {
  it('sets what is given, and keeps who made it', async () => {
    const before = await stored(2);
    const answer = await send('PATCH', '/rules/2', { isActive: false, description: 'Updated description' });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await stored(2)).toEqual({
      ...before,
      isActive: false,
      description: 'Updated description',
      changedBy: { personId: 'p-1', displayName: 'Pat Jones' },
    });
    await send('PATCH', '/rules/rules/2', { isActive: true });
    expect(await stored(2)).toMatchObject({ isActive: true, description: 'Updated description' });
  });

  it('that changes nothing leaves the one who changed it last', async () => {
    await send('PATCH', '/rules/3', { description: 'Mine' });
    const { server } = exceptions;
    const other = server.as({ id: 'p-2', name: 'Quinn', persona: 'DirectSupplyPartner' });
    for (const body of [{}, { description: 'Mine' }, { isActive: null, description: null }]) {
      expect((await other('PATCH', `${BASE}/rules/3`, body)).status).toBe(204);
    }
    expect(await stored(3)).toMatchObject({ changedBy: { personId: 'p-1', displayName: 'Pat Jones' } });
    await other('PATCH', `${BASE}/rules/3`, { description: 'Theirs' });
    expect(await stored(3)).toMatchObject({ changedBy: { personId: 'p-2', displayName: 'Quinn' } });
  });

  it('is not seen by other accounts', async () => {
    await send('PATCH', '/rules/4', { description: 'Ours' });
    const other = await exceptions.partner('other')('GET', `${BASE}/rules/4`);
    expect(other.body.description).not.toBe('Ours');
  });

  it.each([
    [{ isActive: 'no' }, 'isActive'],
    [{ isActive: 0 }, 'isActive'],
    [{ description: 5 }, 'description'],
    [{ description: 'x'.repeat(1001) }, 'description'],
  ])('%j is refused', async (body, field) => {
    const before = await stored(5);
    const answer = await send('PATCH', '/rules/5', body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(
      refused('ValidationFailed', expect.any(String), { [field]: expect.any(Array) }),
    );
    expect(await stored(5)).toEqual(before);
  });
});
