import type { FastifyRequest } from 'fastify';
import { type Actor, isOwnStaff, may } from '../../kernel/actor.ts';
import { RefusalError, refuse } from '../../kernel/errors.ts';
import type { Target } from '../../webhooks/target.ts';
import { type ReadScope, readScope } from '../access.ts';

/** Lets the account's own staff keep webhooks. Another party keeps its own without it: it hears what it may read anyway. */
const WEBHOOKS_PERMISSION = 'webhooks.write';

/** What a webhook of the caller may hear of, and so which webhooks are its own to keep; refused where it may keep none. */
export function webhookScope(actor: Actor): ReadScope {
  if (isOwnStaff(actor) && !may(actor, WEBHOOKS_PERMISSION)) {
    const message = `To keep webhooks your credential needs the permission ${WEBHOOKS_PERMISSION}.`;
    throw new RefusalError(refuse('forbidden', message, { data: { permission: WEBHOOKS_PERMISSION } }));
  }
  const scope = readScope(actor);
  if (!scope.ok) throw new RefusalError(scope);
  return scope;
}

/** Refuses those who may keep no webhooks, before anything else is looked at. */
export async function keepersOnly({ actor }: FastifyRequest): Promise<void> {
  webhookScope(actor);
}

/** A webhook that hears of more than the caller may read is not there for it. */
export function keeps(actor: Actor, target: Target | null): target is Target {
  const { party } = webhookScope(actor);
  return target !== null && (party === null || target.party === party);
}

export function noSuchWebhook(id: string): RefusalError {
  return new RefusalError(refuse('entryNotFound', `There is no webhook ${id}.`));
}
