import { Format } from 'typebox/format';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** An RFC 3339 date of the years 1 to 9999 that the calendar has: no 30 February. */
export function isDate(text: string): boolean {
  const match = DATE.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

/**
 * An RFC 3339 date-time with its offset that `Date` and `timestamptz` both hold. TypeBox's own check also takes leap
 * seconds and RFC 9557 suffixes, which neither of them reads.
 */
export function isDateTime(text: string): boolean {
  if (text[10] !== 'T' || !TIME.test(text.slice(11)) || !isDate(text.slice(0, 10))) return false;
  // Only an offset at either end of the range can lead out of it; parsing costs more than all the rest.
  if (text > '0001-01-02' && text < '9999-12-30') return true;
  const ms = Date.parse(text);
  return ms >= FIRST_MS && ms <= LAST_MS;
}

/** Makes the formats `date` and `date-time` of every schema in this process mean the above. */
export function registerFormats(): void {
  Format.Set('date', isDate);
  Format.Set('date-time', isDateTime);
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return leap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
