import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../kernel/duration.ts';

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The option that says which account is meant; every command that works within an account has it. */
export function accountOption(): Option {
  return new Option('--account <key>', 'the account').default('default');
}

export function jsonOption(): Option {
  return new Option('--json', 'print JSON instead of a table');
}

/** `A,B` as a list; empty parts are left out. */
export function toList(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}

/** `90s`, `15m`, `12h`, `7d` or an ISO 8601 duration, in milliseconds. */
export function toMilliseconds(text: string): number {
  const short = /^(\d{1,9})([smhd])$/.exec(text);
  const ms = short ? Number(short[1]) * UNIT_MS[short[2] as keyof typeof UNIT_MS] : parseDuration(text);
  if (ms === null) throw new InvalidArgumentError('Give it as 90s, 15m, 12h, 7d or PT1H.');
  return ms;
}

/** Reads a whole number within bounds. */
export function toWhole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
