import { type Actor, may } from '../../kernel/actor.ts';

/** Lets its bearer see care tickets and what goes with them. */
const READ_PERMISSION = 'care.read';
/** Lets its bearer do everything with care tickets. */
export const WORK_PERMISSION = 'care.work';
/** Lets its bearer keep the queues, departments, contact reasons and vendors. */
export const CONFIGURE_PERMISSION = 'care.configure';

/** Any one of these lets its bearer read. */
export const READING = [READ_PERMISSION, WORK_PERMISSION, CONFIGURE_PERMISSION] as const;

/** A care ticket has no sides: who may work on one may work on all of the account. */
export function roleOf(actor: Actor): 'agent' | null {
  return may(actor, WORK_PERMISSION) ? 'agent' : null;
}
