import { IANAZone } from 'luxon';

/**
 * A moment as `YYYY-MM-DD HH:MM:SS` in a time zone, summer time heeded. The year is that of the zone's calendar.
 * @param zone an IANA name; one that nobody knows counts as UTC
 */
export function inZone(at: Date, zone: string): string {
  const offsetMinutes = zoneOf(zone)?.offset(at.getTime()) ?? 0;
  const shifted = new Date(at.getTime() + offsetMinutes * 60_000);
  return shifted.toISOString().slice(0, 19).replace('T', ' ');
}

function zoneOf(name: string): IANAZone | null {
  // Luxon keeps the zones that were asked for.
  const zone = IANAZone.create(name);
  return zone.isValid ? zone : null;
}
