import { emptyCatalogue } from '../src/core/collection.ts';
import { decide } from '../src/core/decide.ts';
import type { DecideContext, Decision } from '../src/core/decision.ts';
import type { Input } from '../src/core/kind.ts';
import type { Ticket } from '../src/core/ticket.ts';
import type { Actor } from '../src/kernel/actor.ts';
import type { Written } from '../src/kernel/answer.ts';
import { newId } from '../src/kernel/id.ts';
import type { TicketRef } from '../src/store/load.ts';
import type { ChangeRequest, CreateRequest, ToAnswer } from '../src/store/write-request.ts';
import { actorOf } from './actors.ts';
import { type ErrandTransition, errandKind } from './kind.ts';

let lastNumber = 100_000;

function context(actor: Actor, now: Date): DecideContext {
  return { actor, now, settings: {}, catalogue: emptyCatalogue, contract: 'test' };
}

function decided(outcome: ReturnType<typeof decide>): Decision {
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`);
  return outcome;
}

/** The decision that makes an errand of `guest` for the account, with a number that no other test of the file has. */
export function asked(account: string, input: Input = {}, now = new Date()): Decision {
  lastNumber += 1;
  const birth = { id: newId(now), number: lastNumber, key: `RED-${lastNumber}` };
  const command = { type: 'create', name: 'ask', input: { title: 'Milk', ...input } } as const;
  return decided(decide(errandKind, null, command, { ...context(actorOf(account, 'guest'), now), birth }));
}

/** The decision that moves an errand, by whoever may. */
export function moved(ticket: Ticket, name: ErrandTransition, input: Input = {}, now = new Date()): Decision {
  const byRequester = errandKind.workflow.transitions[name]?.by.includes('requester');
  const actor = actorOf(ticket.account, byRequester ? ticket.issuer : ticket.owner);
  const given = { question: '?', outcome: 'ok', spentMinutes: 1, ...input };
  return decided(decide(errandKind, ticket, { type: 'transition', name, input: given }, context(actor, now)));
}

/** The decision that edits an errand. */
export function edited(ticket: Ticket, input: Input, now = new Date()): Decision {
  const actor = actorOf(ticket.account, ticket.issuer);
  return decided(decide(errandKind, ticket, { type: 'edit', input }, context(actor, now)));
}

/** An answer that tells the ticket's key, state and version. */
export const tellState: ToAnswer = ({ key, state, version }) => ({
  status: 200,
  headers: { etag: `"${version}"` },
  body: JSON.stringify({ key, state, version }),
});

const byDefault = { contract: 'test', idempotency: null, answer: tellState };

/** A request to make an errand of `guest` for the account, or of the actor given. */
export function asking(account: string, input: Input = {}, more: Partial<CreateRequest> = {}): CreateRequest {
  const command = { type: 'create', name: 'ask', input: { title: 'Milk', ...input } } as const;
  return { ...byDefault, actor: actorOf(account, 'guest'), kind: errandKind, command, ...more };
}

/** A request to do a transition. */
export function moving(
  ref: TicketRef,
  name: ErrandTransition,
  actor: Actor,
  more: Partial<ChangeRequest> & { input?: Input } = {},
): ChangeRequest {
  const { input, ...rest } = more;
  const given = { question: '?', outcome: 'ok', spentMinutes: 1, ...input };
  return {
    ...byDefault,
    actor,
    ref,
    kind: null,
    ifMatch: null,
    whenOvertaken: 'refuseIfMoved',
    command: () => ({ type: 'transition', name, input: given }),
    ...rest,
  };
}

/** What `tellState` told. */
export function told({ answer }: Written): { key: string; state: string; version: number } {
  return JSON.parse(answer.body);
}
