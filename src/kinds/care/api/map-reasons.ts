import type { ReasonFound } from '../reasons/search.ts';
import { lineOf, type Reason, type ReasonTree, type Translation, translate } from '../reasons/tree.ts';
import type { WireReason } from './schema.ts';

interface WireTier {
  readonly translations: readonly { readonly language: string; readonly translation: string }[];
  readonly child?: WireTiers;
}

type WireTiers = { readonly [code: string]: WireTier };

/** The whole tree: each code with its names and what stands below it. */
export function toWireTree({ roots }: ReasonTree): { status_code: 200; data: WireTiers } {
  return { status_code: 200, data: toTiers(roots) };
}

function toTiers(reasons: readonly Reason[]): WireTiers {
  return Object.fromEntries(
    reasons.map(({ code, translations, children }) => [
      code,
      {
        translations: translations.map(({ language, text }) => ({ language, translation: text })),
        ...(children.length > 0 && { child: toTiers(children) }),
      },
    ]),
  );
}

/** A particular reason with those above it, each in the language in which it was found, if it has that. */
export function toWireFound(
  { reason, translation }: ReasonFound,
  languages: readonly string[],
): { data: WireReason; parents: WireReason[] } {
  const wanted = translation ? [translation.code, ...languages] : languages;
  return {
    data: toWireReason(reason, translation),
    parents: lineOf(reason)
      .slice(0, -1)
      .map((parent) => toWireReason(parent, translate(parent, wanted))),
  };
}

function toWireReason({ code, level }: Reason, translation: Translation | null): WireReason {
  return { translation: translation?.text ?? code, language: translation?.language ?? '', code, level };
}
