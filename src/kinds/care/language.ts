const NAMES = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

/** English names of the languages that have a code of two letters: `spanish` to `es`. */
const CODES_BY_NAME = new Map(
  LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).flatMap((code) => {
    const name = NAMES.of(code)?.toLowerCase();
    return name === undefined ? [] : [[name, canonical(code)] as const];
  }),
);

const known = new Map<string, string>();
const MOST_KNOWN = 1000;

/**
 * One code for a language however it is written: `en`, `eng`, `en-GB`, `en_GB` and `English` are all `en`. What is no
 * language stands for itself.
 */
export function languageCode(text: string): string {
  const plain = text.trim().toLowerCase().replaceAll('_', '-');
  const found = known.get(plain);
  if (found !== undefined) return found;
  const code = CODES_BY_NAME.get(plain) ?? canonical(plain);
  if (known.size < MOST_KNOWN) known.set(plain, code);
  return code;
}

function canonical(tag: string): string {
  try {
    return new Intl.Locale(tag).language;
  } catch {
    return tag;
  }
}

/** The languages of an `Accept-Language` header as codes, the most wanted first; what has a quality of 0 is left out. */
export function acceptedLanguages(header: string | undefined): string[] {
  if (header === undefined || header.length > 500) return [];
  const wanted = header.split(',').flatMap((part) => {
    const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    const weight = Number(quality);
    return /^[A-Za-z]/.test(tag) && weight > 0 ? [{ code: languageCode(tag), weight }] : [];
  });
  return [...new Set(wanted.toSorted((a, b) => b.weight - a.weight).map(({ code }) => code))];
}
