import { isStorableText } from '../kernel/text.ts';

/** A name for people. */
export function isLabel(text: string): boolean {
  return text.trim().length > 0 && text.length <= 200 && isStorableText(text);
}
