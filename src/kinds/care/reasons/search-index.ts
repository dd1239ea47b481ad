import { wordsOf } from '../../../store/words-of.ts';
import { letterMask } from './near-word.ts';
import { lineOf, type Reason, type ReasonTree, type Translation } from './tree.ts';

/** The level of the reasons that a ticket is given. */
const PARTICULAR = 3;

/** A particular reason's name in one language, as something to be found. */
export interface ReasonText {
  readonly translation: Translation;
  /** The place of its reason. */
  readonly reason: number;
}

/**
 * Every word of the particular reasons' names and of those above them, in order, each with the texts that have it.
 * Numbers in typed arrays: a search touches tens of thousands, and objects would take ten times as long. That is why the
 * library minisearch does not do it: over 5,000 reasons in four languages it takes 4 to 100 ms for a common word or the
 * beginning of one, where this takes less than 1, and swapped letters are two errors to it.
 */
export interface ReasonIndex {
  readonly reasons: readonly Reason[];
  /** The reasons' codes in small letters, in the order of letters, each with the place of its reason. */
  readonly codes: readonly string[];
  readonly placesOfCodes: readonly number[];
  /** A reason's texts stand together, and the reasons in their order. */
  readonly texts: readonly ReasonText[];
  /** The codes of all languages, and for each text the place of its own among them. */
  readonly languages: readonly string[];
  readonly languagesOfTexts: Uint16Array;
  readonly words: readonly string[];
  readonly masks: Int32Array;
  /** For each word, twice the place of a text, and one more where the word is the reason's own. */
  readonly postings: readonly Int32Array[];
}

const indexes = new WeakMap<ReasonTree, ReasonIndex>();

/** The tree's index; built once for as long as the tree stands. */
export function reasonIndex(tree: ReasonTree): ReasonIndex {
  const known = indexes.get(tree);
  if (known) return known;
  const built = build(tree);
  indexes.set(tree, built);
  return built;
}

function build({ byCode }: ReasonTree): ReasonIndex {
  const reasons = [...byCode.values()].filter(({ level }) => level === PARTICULAR);
  const texts = reasons.flatMap((reason, at) =>
    reason.translations.map((translation) => ({ reason: at, translation })),
  );
  const byWord = new Map<string, number[]>();
  const post = (word: string, posting: number) => {
    const list = byWord.get(word);
    if (list) list.push(posting);
    else byWord.set(word, [posting]);
  };
  const wordsAbove = wordsAboveReader();
  for (const [at, { reason, translation }] of texts.entries()) {
    for (const word of wordsAbove(reasons[reason] as Reason, translation.code)) post(word, at * 2);
    for (const word of wordsOf(translation.text)) post(word, at * 2 + 1);
  }
  const words = [...byWord.keys()].sort();
  const codes = reasons.map(({ code }, place) => ({ code: code.toLowerCase(), place }));
  codes.sort((a, b) => (a.code < b.code ? -1 : 1));
  const languages = [...new Set(texts.map(({ translation }) => translation.code))];
  const places = new Map(languages.map((language, place) => [language, place]));
  return {
    reasons,
    codes: codes.map(({ code }) => code),
    placesOfCodes: codes.map(({ place }) => place),
    texts,
    languages,
    languagesOfTexts: Uint16Array.from(texts, ({ translation }) => places.get(translation.code) ?? 0),
    words,
    masks: Int32Array.from(words, letterMask),
    postings: words.map((word) => Int32Array.from(byWord.get(word) ?? [])),
  };
}

/** The words of the reasons above one, in a language; the same for all that stand below one parent. */
function wordsAboveReader(): (reason: Reason, language: string) => readonly string[] {
  const known = new Map<string, string[]>();
  return ({ parent }, language) => {
    if (!parent) return [];
    const key = `${language}\n${parent.code}`;
    let words = known.get(key);
    if (!words) {
      const names = lineOf(parent).map(({ translations }) =>
        translations.find(({ code }) => code === language),
      );
      words = names.flatMap((name) => (name ? wordsOf(name.text) : []));
      known.set(key, words);
    }
    return words;
  };
}
