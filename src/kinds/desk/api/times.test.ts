import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inZone } from './times.ts';

const ZONES = [
  'UTC',
  'Europe/Madrid',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];

it.each([
  ['2026-03-29T00:59:59.999Z', 'Europe/Madrid', '2026-03-29 01:59:59'],
  ['2026-03-29T01:00:00.000Z', 'Europe/Madrid', '2026-03-29 03:00:00'],
  ['2026-10-25T00:30:00.000Z', 'Europe/Madrid', '2026-10-25 02:30:00'],
  ['2026-10-25T01:30:00.000Z', 'Europe/Madrid', '2026-10-25 02:30:00'],
  ['2026-12-31T23:30:00.000Z', 'Asia/Kathmandu', '2027-01-01 05:15:00'],
  ['2026-12-31T23:30:00.000Z', 'nowhere', '2026-12-31 23:30:00'],
])('%s in %s is %s', (at, zone, text) => {
  expect(inZone(new Date(at), zone)).toBe(text);
});

it('says what the platform says, at any moment of a hundred years', () => {
  const min = new Date('1990-01-01T00:00:00Z');
  const max = new Date('2090-01-01T00:00:00Z');
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), fc.date({ min, max, noInvalidDate: true }), (timeZone, at) => {
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
      expect(inZone(at, timeZone)).toBe(format.format(at));
    }),
  );
});
