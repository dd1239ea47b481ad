import { type Actor, may } from '../../kernel/actor.ts';

/** Lets its bearer see service tickets and what goes with them. */
const READ_PERMISSION = 'service.read';
/** Lets its bearer do everything with service tickets. */
export const WORK_PERMISSION = 'service.work';

/** Any one of these lets its bearer read. */
export const READING = [READ_PERMISSION, WORK_PERMISSION] as const;

/** A service ticket has no sides: who may work on one may work on all of the account. */
export function roleOf(actor: Actor): 'worker' | null {
  return may(actor, WORK_PERMISSION) ? 'worker' : null;
}
