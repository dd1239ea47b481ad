/**
 * Calls back when the event loop has looked so many times for what has arrived at this process. A turn of an idle loop takes
 * some microseconds, so whoever is alone hardly waits.
 */
export function afterTurns(turns: number, then: () => void): void {
  setImmediate(turns === 1 ? then : () => afterTurns(turns - 1, then));
}
