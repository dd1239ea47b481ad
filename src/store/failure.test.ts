import { describe, expect, it } from 'vitest';
import { isUnavailable, isUniqueViolation, namedFault, UnavailableError } from './failure.ts';

function withCode(code: unknown): Error {
  return Object.assign(new Error('x'), { code });
}

describe('a fault of the database', () => {
  it.each(['CONNECTION_CLOSED', 'CONNECT_TIMEOUT', 'ECONNREFUSED', '08006', '53300', '57P01', '57P03'])(
    '%s says that it cannot be reached',
    (code) => {
      expect(isUnavailable(withCode(code))).toBe(true);
    },
  );

  it.each(['22P05', '23505', '23502', '54000', '40P01'])('%s says that the statement is at fault', (code) => {
    expect(isUnavailable(withCode(code))).toBe(false);
    expect(isUniqueViolation(withCode(code))).toBe(code === '23505');
  });

  it('of the connection is named once, and any other stays as it is', () => {
    const lost = withCode('08006');
    const named = namedFault(lost);
    expect(named).toEqual(new UnavailableError(lost));
    expect(isUnavailable(named)).toBe(true);
    expect(namedFault(named)).toBe(named);
    const taken = withCode('23505');
    expect(namedFault(taken)).toBe(taken);
  });

  it.each([null, undefined, 'ECONNREFUSED', new Error('x'), withCode(8006)])('is not %s', (fault) => {
    expect([isUnavailable(fault), isUniqueViolation(fault)]).toEqual([false, false]);
  });
});
