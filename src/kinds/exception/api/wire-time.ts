/** A moment as the published text writes it, to the second: `2024-01-01T12:00:00Z`. */
export function wireTime(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
