import type { Random } from '../../core/demo.ts';

/** What each character counts in the check digit: ISO 3779 and 49 CFR 565.15. */
const VALUES: Readonly<Record<string, number>> = Object.fromEntries([
  ...[...'0123456789'].map((digit) => [digit, Number(digit)] as const),
  ...[...'ABCDEFGH'].map((letter, index) => [letter, index + 1] as const),
  ...[...'JKLMN'].map((letter, index) => [letter, index + 1] as const),
  ['P', 7],
  ['R', 9],
  ...[...'STUVWXYZ'].map((letter, index) => [letter, index + 2] as const),
]);
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
/** Model years 2014 to 2023. */
const YEARS = 'EFGHJKLMNP';
const PLANTS = 'ABDKNPSW';

/**
 * A vehicle identification number with a check digit that is right.
 * @param front its first eight characters
 */
export function demoVin(front: string, random: Random): string {
  const pick = (characters: string) => characters[Math.floor(random() * characters.length)] ?? '';
  const serial = String(Math.floor(random() * 1_000_000)).padStart(6, '0');
  const back = `${pick(YEARS)}${pick(PLANTS)}${serial}`;
  return `${front}${checkDigit(`${front}0${back}`)}${back}`;
}

/** The ninth character of a number, as the other sixteen have it. */
export function checkDigit(vin: string): string {
  const sum = [...vin].reduce(
    (total, character, place) => total + (VALUES[character] ?? 0) * (WEIGHTS[place] ?? 0),
    0,
  );
  return sum % 11 === 10 ? 'X' : String(sum % 11);
}
