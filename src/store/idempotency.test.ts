import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { useStores } from '../../test/stores.ts';
import { findReplay, forgetOldAnswers, recordAnswer } from './idempotency.ts';

const database = useDatabase();
const stores = useStores(database);
beforeAll(() => stores.account('home'));

const HOUR = 3_600_000;
const now = new Date('2026-11-21T10:00:00.000Z');
const answer = { status: 200, headers: { etag: '"1"', location: '/ñ' }, body: '{"a":"🦙\\u0000"}' };

function record(key: string, hoursAgo: number, account = 'home'): Promise<void> {
  const at = new Date(now.getTime() - hoursAgo * HOUR);
  return recordAnswer(stores.shared.sql, account, 'me', { key, fingerprint: 'f' }, answer, at);
}

function find(key: string, actor = 'me', fingerprint = 'f', account = 'home') {
  return findReplay(stores.shared.sql, account, actor, { key, fingerprint });
}

describe('an idempotency record', () => {
  it('gives back the answer to the same request of the same actor', async () => {
    await record('k', 0);
    expect(await find('k')).toEqual({ ok: true, replayed: answer });
    expect(await find('k', 'me', 'other')).toMatchObject({ ok: false, code: 'idempotencyKeyReused' });
    expect(await find('k', 'you')).toBeNull();
    expect(await find('k', 'me', 'f', 'elsewhere')).toBeNull();
    expect(await find('K')).toBeNull();
  });

  it('is kept for a day, in each account alone', async () => {
    await stores.account('second');
    await record('old', 25);
    await record('young', 23);
    await record('old', 25, 'second');
    expect(await forgetOldAnswers(stores.shared.sql, 'home', now)).toBe(1);
    expect(await find('old')).toBeNull();
    expect(await find('young')).toMatchObject({ ok: true });
    expect(await find('old', 'me', 'f', 'second')).toMatchObject({ ok: true });
  });
});
