import { describe, expect, it } from 'vitest';
import { errorCatalogue, invalid, refuse } from '../../../kernel/errors.ts';
import { exceptionErrors } from './errors.ts';

const body = (refusal: Parameters<typeof exceptionErrors.body>[0]) =>
  exceptionErrors.body(refusal, exceptionErrors.statuses[refusal.code], 'r-1');

describe('a refusal', () => {
  it('names the faults of each field', () => {
    const refusal = invalid(
      [
        { pointer: '/query/pageKey', message: 'is broken' },
        { pointer: '/path/ruleId', message: 'must be digits' },
        { pointer: '/3/data/e~1ta', message: 'must be a time' },
        { pointer: '/subject', message: 'first' },
        { pointer: '/subject', message: 'second' },
        { pointer: '', message: 'must be an object' },
      ],
      'No.',
    );
    expect(body(refusal)).toEqual({
      errorCode: 'ValidationFailed',
      message: 'No.',
      errors: {
        pageKey: ['is broken'],
        ruleId: ['must be digits'],
        '[3].data.e/ta': ['must be a time'],
        subject: ['first', 'second'],
        body: ['must be an object'],
      },
    });
  });

  it('has an empty object where no field is at fault', () => {
    expect(body(refuse('ticketNotFound', 'No such one.'))).toEqual({
      errorCode: 'NotFound',
      message: 'No such one.',
      errors: {},
    });
  });

  it.each([
    ['invalidRequest', 400, 'ValidationFailed'],
    ['entryExists', 400, 'ValidationFailed'],
    ['versionMismatch', 412, 'ValidationFailed'],
    ['unauthenticated', 401, 'Unauthorized'],
    ['forbidden', 403, 'Forbidden'],
    ['notFound', 404, 'NotFound'],
    ['entryNotFound', 404, 'NotFound'],
    ['timerNotFound', 404, 'NotFound'],
    ['internalError', 500, 'InternalServerError'],
    ['unavailable', 503, 'InternalServerError'],
  ] as const)('%s is %i %s', (code, status, errorCode) => {
    expect(exceptionErrors.statuses[code]).toBe(status);
    expect(body(refuse(code))).toMatchObject({ errorCode, message: errorCatalogue[code] });
  });
});
