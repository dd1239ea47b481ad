import type { Template } from 'liquidjs';
import { LRUCache } from 'lru-cache';
import { faultAt, type TemplateFault, toFault } from './fault.ts';
import { liquidFor } from './liquid.ts';
import type { TemplateValues } from './variables.ts';

/** Characters that a template may come to. */
const LONGEST_OUTPUT = 20_000;

const parsed = new LRUCache<string, readonly Template[]>({ max: 1_000 });

type Parsed =
  | { readonly ok: true; readonly template: readonly Template[] }
  | { readonly ok: false; readonly fault: TemplateFault };

/** A template as the engine of this zone reads it; remembered, for a template is used again and again. */
export function parseTemplate(text: string, timeZone: string): Parsed {
  const key = `${timeZone}\n${text}`;
  const known = parsed.get(key);
  if (known) return { ok: true, template: known };
  try {
    const template = liquidFor(timeZone).parse(text);
    parsed.set(key, template);
    return { ok: true, template };
  } catch (error) {
    return { ok: false, fault: toFault(error) };
  }
}

export type Rendered =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly fault: TemplateFault };

/**
 * A template's text with these values.
 * @param timeZone an IANA name, in which the filter `date` writes times
 */
export function renderTemplate(text: string, values: TemplateValues, timeZone: string): Rendered {
  const read = parseTemplate(text, timeZone);
  if (!read.ok) return read;
  try {
    const rendered = String(liquidFor(timeZone).renderSync([...read.template], values));
    if (rendered.length <= LONGEST_OUTPUT) return { ok: true, text: rendered };
    const message = `the template comes to more than ${LONGEST_OUTPUT} characters`;
    return { ok: false, fault: faultAt([1, 1], message) };
  } catch (error) {
    return { ok: false, fault: toFault(error) };
  }
}

/**
 * The text of a template that was checked when it was saved. What cannot be rendered all the same, because its values are
 * of a sort that nobody thought of, stands as it was written: whoever reads it sees what was meant.
 */
export function renderChecked(text: string, values: TemplateValues, timeZone: string): string {
  const rendered = renderTemplate(text, values, timeZone);
  return rendered.ok ? rendered.text : text;
}
