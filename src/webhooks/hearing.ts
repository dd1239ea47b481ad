import { type HeardEvent, isHeardBy } from '../store/heard-events.ts';
import type { Target } from './target.ts';

/** Whether a target may be told of an event at all, whatever it wants to hear. */
export function mayHear(event: HeardEvent, { account, party }: Pick<Target, 'account' | 'party'>): boolean {
  return event.account === account && (party === null || isHeardBy(event, party));
}
