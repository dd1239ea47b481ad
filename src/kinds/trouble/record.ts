import type { Actor } from '../../kernel/actor.ts';
import type { StatusChange, TroubleFields } from './fields.ts';

/** The key under which a mirror key is unique: per issuer. */
export function uniqueMirrorKey(issuer: string, mirrorKey: string): string {
  return JSON.stringify([issuer, mirrorKey]);
}

type Spoken = Pick<TroubleFields, 'dialog' | 'dialogBy' | 'dialogAt' | 'dialogNote'>;

/**
 * What was said last, as a ticket keeps it.
 * @param note where it stands in the ticket by itself, see `dialogNote`
 */
export function spoken(dialog: string, actor: Actor, now: Date, note?: string): Spoken {
  const kept = { dialog, dialogBy: actor.name, dialogAt: now.toISOString() };
  return note === undefined ? kept : { ...kept, dialogNote: note };
}

/** The list of states with one more. */
export function cameInto(
  state: string,
  now: Date,
  before: readonly StatusChange[] = [],
  reason?: string | null,
): StatusChange[] {
  const change = { state, at: now.toISOString() };
  return [...before, reason ? { ...change, reason } : change];
}
