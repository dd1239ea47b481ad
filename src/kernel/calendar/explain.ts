import { addBusinessTime, daysFrom } from './business-time.ts';
import type { BusinessCalendar } from './calendar.ts';
import type { Day } from './days.ts';

/** A stretch of time that was counted, or skipped and why. */
export interface Stretch {
  readonly from: Date;
  readonly to: Date;
  readonly as: 'counted' | 'closed' | 'holiday';
}

/** How a delay in business time came to its end. */
export interface BusinessTimeStory {
  /** Null: it takes more than ten years. */
  readonly dueAt: Date | null;
  /** In order and without gaps; the first ones only, where there are very many. */
  readonly stretches: readonly Stretch[];
  /** True where stretches were left out. */
  readonly isCut: boolean;
}

const MOST_STRETCHES = 500;

/**
 * The stretches that are counted and skipped from a moment until so much open time has passed. The lengths of those that
 * are counted add up to the delay.
 * @param ms milliseconds of open time
 */
export function explainBusinessTime(calendar: BusinessCalendar, from: Date, ms: number): BusinessTimeStory {
  const dueAt = addBusinessTime(calendar, from, ms);
  const stretches: Stretch[] = [];
  const end = dueAt?.getTime() ?? Number.POSITIVE_INFINITY;
  for (const day of daysFrom(calendar, from)) {
    if (day.start >= end) break;
    for (const stretch of stretchesOf(day)) {
      const start = Math.max(stretch.from, from.getTime());
      const stop = Math.min(stretch.to, end);
      if (start >= stop) continue;
      if (!lengthen(stretches, start, stop, stretch.as)) {
        if (stretches.length === MOST_STRETCHES) return { dueAt, stretches, isCut: true };
        stretches.push({ from: new Date(start), to: new Date(stop), as: stretch.as });
      }
    }
  }
  return { dueAt, stretches, isCut: false };
}

/** The whole day, piece by piece. */
function* stretchesOf({ start, end, isHoliday, open }: Day) {
  const closed = isHoliday ? 'holiday' : 'closed';
  let at = start;
  for (const { from, to } of open) {
    yield { from: at, to: from, as: closed } as const;
    yield { from, to, as: 'counted' } as const;
    at = to;
  }
  yield { from: at, to: end, as: closed } as const;
}

/** What goes on as it was before is one stretch. */
function lengthen(stretches: Stretch[], start: number, stop: number, as: Stretch['as']): boolean {
  const last = stretches.at(-1);
  if (last?.as !== as || last.to.getTime() !== start) return false;
  stretches[stretches.length - 1] = { ...last, to: new Date(stop) };
  return true;
}
