import { LRUCache } from 'lru-cache';
import { IANAZone } from 'luxon';

const QUARTER_MS = 15 * 60_000;
const DAY_MS = 96 * QUARTER_MS;

/** A zone keeps its offset through most days, and through all but one quarter of an hour of the others. */
const SPANS_MS = [DAY_MS, QUARTER_MS];

/**
 * The offset in minutes through one span of UTC in one zone; NaN where it changes within the span. To ask the platform
 * costs some 10 µs, and a page of tickets asks a hundred times.
 */
const known = new LRUCache<string, number>({ max: 20_000 });

/**
 * A moment as `YYYY-MM-DD HH:MM:SS` in a time zone, summer time heeded. The year is that of the zone's calendar.
 * @param zone an IANA name; one that nobody knows counts as UTC
 */
export function inZone(at: Date, zone: string): string {
  const shifted = new Date(at.getTime() + offsetMinutes(zone, at.getTime()) * 60_000);
  return shifted.toISOString().slice(0, 19).replace('T', ' ');
}

function offsetMinutes(zone: string, at: number): number {
  for (const spanMs of SPANS_MS) {
    const start = Math.floor(at / spanMs) * spanMs;
    const key = `${start}/${spanMs} ${zone}`;
    let offset = known.get(key);
    if (offset === undefined) {
      // No zone has changed twice within a day since 1970, so equal ends mean one offset.
      const first = askOffset(zone, start);
      offset = first === askOffset(zone, start + spanMs - 1) ? first : Number.NaN;
      known.set(key, offset);
    }
    if (!Number.isNaN(offset)) return offset;
  }
  // Newfoundland changed its clocks at one minute past midnight until 2011.
  return askOffset(zone, at);
}

function askOffset(name: string, at: number): number {
  // Luxon keeps the zones that were asked for.
  const zone = IANAZone.create(name);
  return zone.isValid ? zone.offset(at) : 0;
}
