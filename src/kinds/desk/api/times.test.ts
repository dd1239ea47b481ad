import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inZone } from './times.ts';

const ZONES = [
  'UTC',
  'Europe/Madrid',
  'America/New_York',
  'America/Santiago',
  'America/St_Johns',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What the platform itself says, slowly. */
function platform(timeZone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return (at) => format.format(at);
}

it.each([
  ['2026-03-29T00:59:59.999Z', 'Europe/Madrid', '2026-03-29 01:59:59'],
  ['2026-03-29T01:00:00.000Z', 'Europe/Madrid', '2026-03-29 03:00:00'],
  ['2026-10-25T00:30:00.000Z', 'Europe/Madrid', '2026-10-25 02:30:00'],
  ['2026-10-25T01:30:00.000Z', 'Europe/Madrid', '2026-10-25 02:30:00'],
  ['2026-10-03T15:29:59.999Z', 'Australia/Lord_Howe', '2026-10-04 01:59:59'],
  ['2026-10-03T15:30:00.000Z', 'Australia/Lord_Howe', '2026-10-04 02:30:00'],
  ['2026-04-04T14:59:59.999Z', 'Australia/Lord_Howe', '2026-04-05 01:59:59'],
  ['2026-04-04T15:00:00.000Z', 'Australia/Lord_Howe', '2026-04-05 01:30:00'],
  ['2026-04-05T02:59:59.999Z', 'America/Santiago', '2026-04-04 23:59:59'],
  ['2026-04-05T03:00:00.000Z', 'America/Santiago', '2026-04-04 23:00:00'],
  ['2026-12-31T23:30:00.000Z', 'Asia/Kathmandu', '2027-01-01 05:15:00'],
  ['2026-12-31T23:30:00.000Z', 'nowhere', '2026-12-31 23:30:00'],
])('%s in %s is %s', (at, zone, text) => {
  expect(inZone(new Date(at), zone)).toBe(text);
});

describe('around a change of the clocks', () => {
  it.each([
    ['Europe/Madrid', '2026-03-29'],
    ['Europe/Madrid', '2026-10-25'],
    ['America/Santiago', '2026-04-05'],
    ['America/Santiago', '2026-09-06'],
    ['Australia/Lord_Howe', '2026-04-04'],
    ['Australia/Lord_Howe', '2026-10-03'],
    ['Pacific/Auckland', '2026-09-26'],
    ['Africa/Casablanca', '2026-02-15'],
    // Not at a quarter of an hour, a day that was left out, and the quarter of an hour that Nepal moved.
    ['America/St_Johns', '2006-10-29'],
    ['Pacific/Apia', '2011-12-30'],
    ['Asia/Kathmandu', '1985-12-31'],
  ])('%s on %s is what the platform says, minute by minute, the second time too', (zone, day) => {
    const midday = Date.parse(`${day}T12:00:00Z`);
    const minutes = Array.from(
      { length: (2 * DAY_MS) / MINUTE_MS },
      (_, minute) => new Date(midday - DAY_MS + minute * MINUTE_MS + (minute % 3) * 20_000),
    );
    const said = minutes.map(platform(zone));
    expect(minutes.map((at) => inZone(at, zone))).toEqual(said);
    expect(minutes.toReversed().map((at) => inZone(at, zone))).toEqual(said.toReversed());
    const offsets = new Set(
      minutes.map((at, n) => Date.parse(`${said[n]}Z`) - Math.floor(at.getTime() / 1000) * 1000),
    );
    expect(offsets.size).toBe(2);
  });
});

it('says what the platform says, at any moment of a hundred years', () => {
  const min = new Date('1990-01-01T00:00:00Z');
  const max = new Date('2090-01-01T00:00:00Z');
  const says = new Map(ZONES.map((zone) => [zone, platform(zone)]));
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), fc.date({ min, max, noInvalidDate: true }), (zone, at) => {
      expect(inZone(at, zone)).toBe(says.get(zone)?.(at));
    }),
  );
});
