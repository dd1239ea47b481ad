import type { Round } from './rounds.ts';

/** What was asked for, and what came out. */
export interface Target {
  readonly name: string;
  readonly measured: number;
  /** `ratio` is printed without a unit. */
  readonly unit: 'ratio' | 'MB' | '/s' | 'ms';
  /** Either of the two bounds. */
  readonly least?: number;
  readonly most?: number;
}

/** A figure without a bound. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ratio' | 'MB' | '/s' | 'ms' | 'µs' | 's' | '';
}

/** What one scenario came to. */
export interface Outcome {
  readonly scenario: string;
  readonly title: string;
  readonly targets: readonly Target[];
  readonly figures: readonly Figure[];
  /** By name of the comparison; every turn as it was measured. */
  readonly rounds: Readonly<Record<string, readonly Round[]>>;
}

export function isMet({ measured, least = -Infinity, most = Infinity }: Target): boolean {
  return measured >= least && measured <= most;
}
