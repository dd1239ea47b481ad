const NUL = '\u0000';

/**
 * True where a text can be stored as it stands: PostgreSQL keeps no NUL character and no lone surrogate.
 * `isWellFormed` is a linear scan in native code.
 */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes(NUL);
}

/** The first place in a JSON value whose text cannot be stored, as a JSON pointer; null where there is none. */
export function findUnstorable(value: unknown): string | null {
  const open: Array<{ value: unknown; pointer: string }> = [{ value, pointer: '' }];
  for (let next = open.pop(); next; next = open.pop()) {
    if (typeof next.value === 'string') {
      if (!isStorableText(next.value)) return next.pointer;
    } else if (typeof next.value === 'object' && next.value !== null) {
      for (const [name, inner] of Object.entries(next.value)) {
        const pointer = `${next.pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        if (!isStorableText(name)) return next.pointer;
        open.push({ value: inner, pointer });
      }
    }
  }
  return null;
}
