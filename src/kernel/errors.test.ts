import { describe, expect, it } from 'vitest';
import { errorCatalogue, invalid, RefusalError, refuse } from './errors.ts';

describe('a refusal', () => {
  it('tells the catalogue’s sentence where nobody gives a better one', () => {
    expect(refuse('notFound')).toEqual({ ok: false, code: 'notFound', message: errorCatalogue.notFound });
    expect(refuse('notFound', 'Not here.', { data: { a: 1 } })).toEqual({
      ok: false,
      code: 'notFound',
      message: 'Not here.',
      data: { a: 1 },
    });
  });

  it('lists the faults of invalid input with their places', () => {
    const errors = [{ pointer: '/a', message: 'is missing' }];
    expect(invalid(errors)).toEqual({
      ok: false,
      code: 'invalidRequest',
      message: errorCatalogue.invalidRequest,
      errors,
    });
  });

  it('travels through code that can only throw', () => {
    const refusal = refuse('forbidden', 'No.');
    expect(new RefusalError(refusal)).toMatchObject({ name: 'RefusalError', message: 'No.', refusal });
  });
});
