import { type Refusal, refuse } from '../../kernel/errors.ts';

/** One field of a form, as it was sent. */
export type Field = readonly [name: string, value: string];

export type Fields = { readonly ok: true; readonly fields: readonly Field[] };

/** Many more than any operation reads; each costs memory beyond its bytes. */
export const MOST_FIELDS = 50_000;

export function tooManyFields(): Refusal {
  return refuse('payloadTooLarge', `A form may have ${MOST_FIELDS} fields at most.`);
}
