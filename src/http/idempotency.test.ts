import { describe, expect, it } from 'vitest';
import { fingerprint, readIdempotencyKey } from './idempotency.ts';

const refusal = {
  ok: false,
  code: 'invalidRequest',
  message: 'The request breaks one or more rules; every fault is listed with its place.',
  errors: [
    {
      pointer: '/header/idempotency-key',
      message: 'must have 1 to 255 printable ASCII characters, quoted or bare',
    },
  ],
};

describe('readIdempotencyKey', () => {
  it.each<[string, string]>([
    ['abc', 'abc'],
    ['"abc"', 'abc'],
    ['  "a b"  ', 'a b'],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['!"#', '!"#'],
    ['a'.repeat(255), 'a'.repeat(255)],
    [`"${'a'.repeat(255)}"`, 'a'.repeat(255)],
  ])('reads %s', (header, key) => {
    expect(readIdempotencyKey(header)).toBe(key);
  });

  it.each(['', '  ', '""', '"abc', 'a'.repeat(256), `"${'a'.repeat(256)}"`, 'é', 'a\tb', '"a"b"'])(
    'refuses %j',
    (header) => {
      expect(readIdempotencyKey(header)).toEqual(refusal);
    },
  );

  it('is null without the header', () => {
    expect(readIdempotencyKey(undefined)).toBeNull();
  });
});

describe('fingerprint', () => {
  it('tells method, path, query and body apart', () => {
    const body = Buffer.from('{"a":1}');
    const all = [
      fingerprint('POST', '/a', body),
      fingerprint('PUT', '/a', body),
      fingerprint('POST', '/a?b=1', body),
      fingerprint('POST', '/a', Buffer.from('{"a":2}')),
      fingerprint('POST', '/a', null),
    ];
    expect(new Set(all).size).toBe(5);
    expect(fingerprint('POST', '/a', Buffer.from('{"a":1}'))).toBe(all[0]);
    expect(all[0]).toMatch(/^[\w-]{43}$/);
  });
});
