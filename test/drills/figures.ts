/** `median of 20, slowest`: what a row of times is told as. */
export function timesOf(milliseconds: readonly number[]): string {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (part: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
  return `median ${at(0.5)}, longest ${at(1)}, of ${sorted.length}`;
}

/** Between the two, at random. */
export function between(least: number, most: number): number {
  return least + Math.random() * (most - least);
}
