const A = 'a'.charCodeAt(0);

/** One bit for each letter that a word has. Words that are close have nearly the same bits. */
export function letterMask(word: string): number {
  let mask = 0;
  for (let index = 0; index < word.length; index += 1) mask |= 1 << ((word.charCodeAt(index) - A) & 31);
  return mask;
}

/** How many typing errors are forgiven in a word: none in a short one or in a reference with digits. */
export function forgiven(word: string): number {
  if (word.length < 4 || /\d/.test(word)) return 0;
  return word.length < 8 ? 1 : 2;
}

/**
 * Whether two words could be as close as that, by their letters: an error changes two of them at most. It lets 1 in 50
 * words through to `errorsBetween`, which costs fifty times as much.
 */
export function mayBeNear(maskA: number, maskB: number, most: number): boolean {
  let different = maskA ^ maskB;
  let count = 0;
  for (; different !== 0; different &= different - 1) count += 1;
  return count <= 2 * most;
}

/** The same for the beginning of a longer word: an error brings one letter at most that the longer one does not have. */
export function mayBeginNear(mask: number, longer: number, most: number): boolean {
  let missing = mask & ~longer;
  let count = 0;
  for (; missing !== 0; missing &= missing - 1) count += 1;
  return count <= most;
}

/**
 * Typing errors that make one word of another: a letter too many, too few, wrong, or two swapped. Gives `most + 1` for
 * everything above `most`.
 */
export function errorsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  return Math.min(errorsToBeginnings(a, b, most).at(b.length) ?? most + 1, most + 1);
}

/** The same for the beginning of a longer word that is nearest. */
export function errorsToBeginning(a: string, longer: string, most: number): number {
  return Math.min(...errorsToBeginnings(a, longer.slice(0, a.length + most), most), most + 1);
}

/** The errors between a word and the beginnings of another one, by their length; none where all are above `most`. */
function errorsToBeginnings(a: string, b: string, most: number): readonly number[] {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const now = [row];
    let least = row;
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let errors = Math.min(
        (last[column] as number) + 1,
        (now[column - 1] as number) + 1,
        (last[column - 1] as number) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        errors = Math.min(errors, (before[column - 2] as number) + 1);
      }
      now.push(errors);
      least = Math.min(least, errors);
    }
    if (least > most) return [];
    before = last;
    last = now;
  }
  return last;
}
