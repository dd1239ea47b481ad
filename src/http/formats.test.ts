import { describe, expect, it } from 'vitest';
import { isDate, isDateTime } from './formats.ts';

describe('isDateTime', () => {
  it.each([
    '2026-03-01T12:00:00Z',
    '2026-03-01T12:00:00.123456+01:00',
    '2024-02-29T23:59:59-23:59',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ])('takes %s', (text) => {
    expect(isDateTime(text)).toBe(true);
    expect(Number.isNaN(new Date(text).getTime())).toBe(false);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T12:60:00Z',
    '2026-03-01T12:00:60Z',
    '2026-03-01T12:00:00',
    '2026-03-01T12:00Z',
    '2026-03-01t12:00:00z',
    '2026-03-01 12:00:00Z',
    '2026-03-01T12:00:00+24:00',
    '2026-03-01T12:00:00Z[Europe/Madrid]',
    '2026-03-01',
    '+010000-01-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '',
    'yesterday',
  ])('refuses %s', (text) => {
    expect(isDateTime(text)).toBe(false);
  });
});

describe('isDate', () => {
  it('takes the days that the calendar has', () => {
    expect(['2026-03-01', '2000-02-29', '2026-12-31'].every(isDate)).toBe(true);
    expect(['2026-02-29', '2026-3-1', '0000-01-01', '2026-06-31', '20260301'].some(isDate)).toBe(false);
  });
});
