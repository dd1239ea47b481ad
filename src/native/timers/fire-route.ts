import { Type } from 'typebox';
import { seesTicket } from '../../core/staff.ts';
import { jsonAnswer } from '../../http/answer.ts';
import type { HallInstance } from '../../http/contract.ts';
import { sendWritten } from '../../http/reply.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { IdempotencyKey, Written } from '../../kernel/answer.ts';
import { type Refusal, refuse } from '../../kernel/errors.ts';
import { findEcho } from '../../store/idempotency.ts';
import type { Store } from '../../store/store.ts';
import type { SubjectKeepers } from '../../store/subject-timers.ts';
import { findTimer, type Timer } from '../../store/timers.ts';
import { CONTRACT } from '../contract-name.ts';
import { wireTicketDetail } from '../tickets/schema.ts';
import { toWireDetail } from '../tickets/to-wire.ts';
import { isOfSubject } from './explain-subject.ts';
import { fireSubject } from './fire-subject.ts';

/** Lets its holder do now what a timer would do later. */
const FIRE_PERMISSION = 'timers.fire';

/** POST /timers/{id}/fire. */
export function fireRoute(app: HallInstance, base: string, store: Store, keepers: SubjectKeepers): void {
  app.post(
    `${base}/timers/:id/fire`,
    {
      config: { permission: FIRE_PERMISSION },
      schema: {
        tags: ['timers'],
        summary: 'Fire a timer now',
        description:
          'Does its transition at once, as the timer would when it is due, on behalf of the caller. A timer of something ' +
          'that is no ticket answers with the ticket that came of it, or with 204 where none did.',
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        response: { 200: wireTicketDetail, 204: Type.Null() },
      },
    },
    async ({ actor, idempotency, ifMatch, params }, reply) => {
      const found = await findTimer(store.sql, actor.account, params.id);
      if (found && isOfSubject(found)) {
        return sendWritten(reply, await fireSubject(store, keepers, found, actor, idempotency));
      }
      const timer = await whereSeen(store, actor, found);
      if (!timer) return sendWritten(reply, await goneUnlessReplayed(store, actor, idempotency));
      const written = await store.writer.change({
        ref: { id: timer.ticket },
        kind: timer.kind,
        ifMatch,
        command: (ticket, kind) => {
          const fires = kind.workflow.timers[timer.name]?.fires;
          if (fires === undefined || ticket.timers[timer.name]?.id !== timer.id)
            return refuse('timerNotFound');
          return { type: 'transition', name: fires, input: {} };
        },
        whenOvertaken: 'decideAgain',
        // What a timer does is open to no role; history shows who fired it.
        actor: { ...actor, type: 'system' },
        contract: CONTRACT,
        idempotency,
        answer: (ticket, kind, now) =>
          jsonAnswer(200, toWireDetail(ticket, kind, actor, now), ticket.version),
      });
      return sendWritten(reply, written);
    },
  );
}

/** The timer, if it is pending on a ticket that the caller sees. */
async function whereSeen(
  { load, kinds }: Store,
  actor: Actor,
  timer: Timer | null,
): Promise<(Timer & { ticket: string }) | null> {
  if (!timer || timer.ticket === null) return null;
  const { ticket: id } = timer;
  const ticket = await load(actor.account, { id });
  const kind = ticket && kinds.get(ticket.kind);
  return kind && seesTicket(kind, ticket, actor) ? { ...timer, ticket: id } : null;
}

/** A timer that is gone may have been fired by this very request, sent before. */
async function goneUnlessReplayed(
  { sql }: Store,
  actor: Actor,
  idempotency: IdempotencyKey | null,
): Promise<Written | Refusal> {
  return (await findEcho(sql, { actor, idempotency })) ?? refuse('timerNotFound');
}
