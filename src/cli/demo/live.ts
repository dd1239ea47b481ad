import { decide } from '../../core/decide.ts';
import type { Birth, DecideContext, Decision } from '../../core/decision.ts';
import type { StoryStep } from '../../core/demo.ts';
import type { Kind } from '../../core/kind.ts';
import { nextDueAt, type Ticket } from '../../core/ticket.ts';
import { systemActor } from '../../kernel/actor.ts';

/** What decisions know of the account. */
type Known = Pick<DecideContext, 'settings' | 'catalogue'>;

/**
 * Decides a ticket's whole life, each step with the clock standing where it happened. A timer that runs out before the
 * next step, or before `now`, fires first, as it would have. A step that is refused then ends the story: the ticket went
 * another way than its story.
 * @returns the decisions in their order, to be written one after the other; empty where not even the creation is allowed
 */
export function live(
  kind: Kind,
  story: readonly StoryStep[],
  birth: Birth,
  { settings, catalogue }: Known,
  now: Date,
): Decision[] {
  const decisions: Decision[] = [];
  const known = { settings, catalogue };
  const present = () => decisions.at(-1)?.ticket ?? null;
  for (const { at, actor, contract, command } of story) {
    decisions.push(...firings(kind, present(), known, at));
    const ticket = present();
    const context = { actor, now: at, ...known, contract, ...(ticket === null && { birth }) };
    const decision = decide(kind, ticket, command, context);
    if (!decision.ok) break;
    decisions.push(decision);
  }
  decisions.push(...firings(kind, present(), known, now));
  return decisions;
}

/** What the timers that are due until then do, one after the other. */
function firings(kind: Kind, ticket: Ticket | null, known: Known, until: Date): Decision[] {
  const dueAt = ticket && nextDueAt(ticket);
  if (!ticket || !dueAt || dueAt > until) return [];
  const [name = ''] = Object.keys(ticket.timers).filter((timer) => ticket.timers[timer]?.dueAt === dueAt);
  const fires = kind.workflow.timers[name]?.fires;
  if (fires === undefined) return [];
  const command = { type: 'transition', name: fires, input: {} } as const;
  const actor = systemActor(ticket.account);
  const decision = decide(kind, ticket, command, { actor, now: dueAt, ...known, contract: 'timer' });
  return decision.ok ? [decision, ...firings(kind, decision.ticket, known, until)] : [];
}
