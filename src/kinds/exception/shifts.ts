import { isOpen } from '../../kernel/calendar/business-time.ts';
import type { BusinessCalendar } from '../../kernel/calendar/calendar.ts';
import type { Shift } from './fields.ts';

/** The team whose work items have a text of their own, whatever the hour. */
const WESTPARK = 'westpark';

/**
 * Who is on duty for a work item: its own team where that is Westpark, else those of the day within business hours and
 * those of the night outside of them.
 * @param team the team of the work item, null where none is known
 */
export function shiftOf(team: unknown, calendar: BusinessCalendar, now: Date): Shift {
  if (typeof team === 'string' && team.trim().toLowerCase() === WESTPARK) return 'westpark';
  return isOpen(calendar, now) ? 'dayside' : 'afterHours';
}
