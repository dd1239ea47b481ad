import type { Input } from '../../../../core/kind.ts';
import type { RunningJob } from '../../../../jobs/queue.ts';
import { systemActor } from '../../../../kernel/actor.ts';
import type { Store } from '../../../../store/store.ts';
import type { ExceptionTransition } from '../../workflow.ts';

/** What comes of the jobs for Zendesk comes through this contract. */
const CONTRACT = 'zendesk';

/**
 * Writes what Zendesk has answered, by a transition of the exception. One that was erased meanwhile hears nothing.
 * @throws where it is refused, which it never should
 */
export async function report(
  { writer }: Store,
  { account, key }: Pick<RunningJob<unknown>, 'account' | 'key'>,
  transition: ExceptionTransition,
  input: Input,
): Promise<void> {
  const written = await writer.change({
    ref: { id: key },
    kind: 'exception',
    ifMatch: null,
    command: () => ({ type: 'transition', name: transition, as: 'helpDesk', input }),
    whenOvertaken: 'decideAgain',
    actor: systemActor(account),
    contract: CONTRACT,
    idempotency: null,
    answer: () => ({ status: 204, headers: {}, body: '' }),
  });
  if (written.ok || written.code === 'ticketNotFound') return;
  throw new Error(`An exception does not take ${transition}: ${written.code}, ${written.message}`);
}
