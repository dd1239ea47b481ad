import { describe, expect, it } from 'vitest';
import { isRowFault, isUnavailable, isUniqueViolation, UnavailableError } from './failure.ts';

function withCode(code: unknown): Error {
  return Object.assign(new Error('x'), { code });
}

describe('a fault of the database', () => {
  it.each(['CONNECTION_CLOSED', 'CONNECT_TIMEOUT', 'ECONNREFUSED', '08006', '53300', '57P01', '57P03'])(
    '%s says that it cannot be reached',
    (code) => {
      expect(isUnavailable(withCode(code))).toBe(true);
      expect(isRowFault(withCode(code))).toBe(false);
    },
  );

  it.each(['22P05', '23505', '23502', '54000', '40P01'])('%s says that a row is at fault', (code) => {
    expect(isUnavailable(withCode(code))).toBe(false);
    expect(isRowFault(withCode(code))).toBe(true);
    expect(isUniqueViolation(withCode(code))).toBe(code === '23505');
  });

  it('that was named already stays named', () => {
    expect(isUnavailable(new UnavailableError(withCode('08006')))).toBe(true);
  });

  it.each([null, undefined, 'ECONNREFUSED', new Error('x'), withCode(8006)])('is not %s', (fault) => {
    expect([isUnavailable(fault), isRowFault(fault), isUniqueViolation(fault)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
