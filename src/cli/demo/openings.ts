const HOUR_MS = 3_600_000;
/** Where nobody says another span. */
const DAYS = 90;

/** How many tickets are opened in an hour, against the others: nights are quiet, mornings are not. */
const BY_HOUR = [2, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 13, 12, 10, 10, 11, 12, 12, 11, 9, 7, 5, 4, 3];
const WEEKEND = 0.45;

/**
 * Spreads the opening of tickets over the days before `now`, more by day than by night and fewer on weekends (UTC).
 * @returns the moment for a share from 0 to 1 of all tickets; a greater share never comes earlier
 */
export function openingTimes(now: Date, days = DAYS): (share: number) => Date {
  const start = now.getTime() - days * 24 * HOUR_MS;
  const ends: number[] = [];
  let total = 0;
  for (let hour = 0; hour < days * 24; hour += 1) {
    const at = new Date(start + hour * HOUR_MS);
    const weekend = at.getUTCDay() === 0 || at.getUTCDay() === 6;
    total += (BY_HOUR[at.getUTCHours()] ?? 1) * (weekend ? WEEKEND : 1);
    ends.push(total);
  }
  return (share) => {
    const wanted = share * total;
    const hour = firstAbove(ends, wanted);
    const from = ends[hour - 1] ?? 0;
    const within = (wanted - from) / ((ends[hour] ?? total) - from);
    return new Date(start + Math.floor((hour + Math.min(within, 1)) * HOUR_MS));
  };
}

/** The place of the first number above `wanted`, the last place where none is. */
function firstAbove(ascending: readonly number[], wanted: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}
