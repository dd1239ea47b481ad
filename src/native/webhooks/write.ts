import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendWritten } from '../../http/reply.ts';
import type { Answer } from '../../kernel/answer.ts';
import { RefusalError, refuse } from '../../kernel/errors.ts';
import { writeOnce } from '../../store/catalogue/write-once.ts';
import { inTransaction, type Sql } from '../../store/database.ts';
import { recordAnswer } from '../../store/idempotency.ts';
import type { Store } from '../../store/store.ts';
import type { Target } from '../../webhooks/target.ts';
import { lockTarget } from '../../webhooks/targets.ts';
import { keeps, noSuchWebhook } from './access.ts';

export type Change = (tx: Sql, now: Date) => Promise<Answer>;
export type TargetWork = (tx: Sql, target: Target, now: Date) => Promise<Answer>;

/** Answers a write whose effects, and the record of whose answer, are one transaction. */
export async function sendOnce(
  store: Store,
  request: FastifyRequest,
  reply: FastifyReply,
  change: Change,
): Promise<FastifyReply> {
  const { actor, idempotency } = request;
  const written = await writeOnce(store, { actor, idempotency }, () =>
    inTransaction(store.sql, async (tx) => {
      const now = store.clock.now();
      const answer = await change(tx, now);
      if (idempotency) await recordAnswer(tx, actor.account, actor.id, idempotency, answer, now);
      return answer;
    }),
  );
  return sendWritten(reply, written);
}

/** The same for a write on the webhook of the path, which nobody else changes meanwhile. */
export function sendTargetWork(
  store: Store,
  request: FastifyRequest,
  reply: FastifyReply,
  work: TargetWork,
): Promise<FastifyReply> {
  const { actor, ifMatch } = request;
  const { id } = request.params as { id: string };
  return sendOnce(store, request, reply, async (tx, now) => {
    const target = await lockTarget(tx, actor.account, id);
    if (!keeps(actor, target)) throw noSuchWebhook(id);
    if (ifMatch !== null && ifMatch !== target.version) {
      const message = `The webhook is at version ${target.version}, not ${ifMatch}.`;
      throw new RefusalError(refuse('versionMismatch', message, { data: { version: target.version } }));
    }
    return work(tx, target, now);
  });
}
