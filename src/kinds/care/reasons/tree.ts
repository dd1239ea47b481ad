import type { Catalogue, Entry } from '../../../core/collection.ts';
import { languageCode } from '../language.ts';

export const REASONS = 'contact-reasons';

/** A reason's name in one language. */
export interface Translation {
  /** As it was written: `en`, `eng` or `english`. */
  readonly language: string;
  readonly code: string;
  readonly text: string;
}

/** Why a customer gets in touch, at one of three levels from the general to the particular. */
export interface Reason {
  readonly code: string;
  readonly level: number;
  readonly parent: Reason | null;
  readonly children: readonly Reason[];
  readonly translations: readonly Translation[];
}

/** All contact reasons of an account. */
export interface ReasonTree {
  readonly roots: readonly Reason[];
  readonly byCode: ReadonlyMap<string, Reason>;
}

interface Growing extends Reason {
  parent: Growing | null;
  readonly children: Growing[];
}

const trees = new WeakMap<readonly Entry[], ReasonTree>();
const inOrder = new Intl.Collator('en', { numeric: true }).compare;

/** The tree of a catalogue's contact reasons; grown once for as long as they stay the same. */
export function reasonTree(catalogue: Catalogue): ReasonTree {
  const entries = catalogue.entries(REASONS);
  const known = trees.get(entries);
  if (known) return known;
  const tree = grow(entries);
  trees.set(entries, tree);
  return tree;
}

/** A reason whose parent is gone, or stands no higher, stands at the top, so that it can be seen and mended. */
function grow(entries: readonly Entry[]): ReasonTree {
  const reasons = entries.map(({ key, data }): Growing & { parentCode: unknown } => ({
    code: key,
    level: Number(data.level),
    parent: null,
    parentCode: data.parent,
    children: [],
    translations: Object.entries(data.translations ?? {}).map(([language, text]) => ({
      language,
      code: languageCode(language),
      text: String(text),
    })),
  }));
  reasons.sort((a, b) => inOrder(a.code, b.code));
  const byCode = new Map<string, Growing>(reasons.map((reason) => [reason.code, reason]));
  for (const reason of reasons) {
    if (typeof reason.parentCode !== 'string') continue;
    const parent = byCode.get(reason.parentCode);
    if (!parent || parent.level >= reason.level) continue;
    reason.parent = parent;
    parent.children.push(reason);
  }
  return { roots: reasons.filter(({ parent }) => parent === null), byCode };
}

/** The reason and those above it, the most general first. */
export function lineOf(reason: Reason): Reason[] {
  return reason.parent ? [...lineOf(reason.parent), reason] : [reason];
}

/** The reason's name in the first of these languages that it has, else in whichever it has; null where it has none. */
export function translate(reason: Reason, languages: readonly string[]): Translation | null {
  for (const wanted of languages) {
    const found = reason.translations.find(({ code }) => code === wanted);
    if (found) return found;
  }
  return reason.translations[0] ?? null;
}

/** `Delivery - Late - Courier is lost`. */
export function labelOf(reason: Reason, languages: readonly string[]): string {
  return lineOf(reason)
    .map((part) => translate(part, languages)?.text ?? part.code)
    .join(' - ');
}
