import { describe, expect, it } from 'vitest';
import { isUuid, newId, newSecret } from './id.ts';

describe('newId', () => {
  it('carries its moment, so that ids sort by time', () => {
    const moments = [0, 1, 1_000, Date.UTC(2026, 10, 21), Date.UTC(2999, 0)].map((ms) => new Date(ms));
    const ids = moments.map((at) => newId(at));
    expect(ids).toEqual([...ids].sort());
    expect(ids.map((id) => Number.parseInt(id.replace('-', '').slice(0, 12), 16))).toEqual(
      moments.map((at) => at.getTime()),
    );
  });

  it('gives different ids at one moment', () => {
    const at = new Date(0);
    expect(new Set(Array.from({ length: 1_000 }, () => newId(at))).size).toBe(1_000);
  });

  it('is a UUID in the form that isUuid and the database know', () => {
    expect([newId(), newId(new Date(0))].every(isUuid)).toBe(true);
  });
});

describe('isUuid', () => {
  it.each(['', 'RED-84', '0190a0f0-0000-7000-8000-00000000000', ' 0190a0f0-0000-7000-8000-000000000000'])(
    'knows that %j is none',
    (text) => {
      expect(isUuid(text)).toBe(false);
    },
  );
});

describe('newSecret', () => {
  it('has 256 bits in characters that a header and a URL carry', () => {
    const secrets = Array.from({ length: 100 }, () => newSecret());
    expect(secrets.every((secret) => /^[\w-]{43}$/.test(secret))).toBe(true);
    expect(new Set(secrets).size).toBe(100);
  });
});
