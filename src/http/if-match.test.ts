import { describe, expect, it } from 'vitest';
import { etag, readIfMatch } from './if-match.ts';

describe('readIfMatch', () => {
  it.each<[string | undefined, number | null]>([
    [undefined, null],
    ['*', null],
    ['"5"', 5],
    ['W/"5"', 5],
    ['5', 5],
    [' "5" ', 5],
    [etag(12), 12],
  ])('reads %s as %s', (header, version) => {
    expect(readIfMatch(header)).toBe(version);
  });

  it.each(['', '"five"', 'w/"5"', '"5', '-1', '"9999999999999999"'])('refuses %j', (header) => {
    expect(readIfMatch(header)).toMatchObject({
      code: 'invalidRequest',
      errors: [
        {
          pointer: '/header/if-match',
          message: 'must be the ETag of the version that is meant, such as "5", or *',
        },
      ],
    });
  });

  it('refuses a list, for a ticket has one version', () => {
    expect(readIfMatch('"5", "6"')).toMatchObject({
      errors: [{ message: 'must name one version: a list of entity tags is not read' }],
    });
  });
});
