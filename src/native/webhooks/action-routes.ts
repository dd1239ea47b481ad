import { Type } from 'typebox';
import { jsonAnswer } from '../../http/answer.ts';
import type { HallInstance } from '../../http/contract.ts';
import { sendWritten } from '../../http/reply.ts';
import { writeOnce } from '../../store/catalogue/write-once.ts';
import { recordAnswer } from '../../store/idempotency.ts';
import type { Store } from '../../store/store.ts';
import { rotateSecrets } from '../../webhooks/secrets.ts';
import { findTarget, updateTarget } from '../../webhooks/targets.ts';
import type { Webhooks } from '../../webhooks/webhooks.ts';
import { keepersOnly, keeps, noSuchWebhook } from './access.ts';
import { toWireWebhook, wireSecretWebhook, wireTest, wireWebhook } from './schema.ts';
import { webhookParams } from './target-routes.ts';
import { sendTargetWork } from './write.ts';

const HOUR_MS = 3_600_000;

const GRACE_HOURS = 24;

const rotation = Type.Object({
  graceHours: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 168,
      description: `So long the old secret stays valid: events are signed with both. ${GRACE_HOURS} when absent.`,
    }),
  ),
});

/** POST /webhooks/{id}/secret, /pause, /resume and /test. */
export function actionRoutes(app: HallInstance, base: string, store: Store, webhooks: Webhooks): void {
  const path = `${base}/webhooks/:id`;
  const shared = { tags: ['webhooks'], params: webhookParams };

  app.post(
    `${path}/secret`,
    {
      onRequest: keepersOnly,
      schema: {
        ...shared,
        summary: 'Rotate the secret of a webhook',
        body: Type.Optional(rotation),
        response: { 200: wireSecretWebhook },
      },
    },
    async (request, reply) => {
      const { graceHours = GRACE_HOURS } = request.body ?? {};
      return sendTargetWork(store, request, reply, async (tx, present, now) => {
        const secrets = rotateSecrets(present.secrets, now, graceHours * HOUR_MS);
        const target = await updateTarget(tx, present, { secrets }, now);
        const wire = { ...toWireWebhook(target, now), secret: secrets[0]?.secret };
        return jsonAnswer(200, wire, target.version);
      });
    },
  );

  app.post(
    `${path}/pause`,
    {
      onRequest: keepersOnly,
      schema: {
        ...shared,
        summary: 'Pause a webhook',
        description: 'Nothing is sent until it is resumed, and nothing is lost.',
        response: { 200: wireWebhook },
      },
    },
    async (request, reply) =>
      sendTargetWork(store, request, reply, async (tx, present, now) => {
        const paused = { status: 'paused', statusReason: null } as const;
        const target = present.status === 'paused' ? present : await updateTarget(tx, present, paused, now);
        return jsonAnswer(200, toWireWebhook(target, now), target.version);
      }),
  );

  app.post(
    `${path}/resume`,
    {
      onRequest: keepersOnly,
      schema: {
        ...shared,
        summary: 'Resume a webhook that was paused, or that a 410 turned off',
        description: 'It goes on where it stood: with what waits, and then with what has happened since.',
        response: { 200: wireWebhook },
      },
    },
    async (request, reply) => {
      const sent = await sendTargetWork(store, request, reply, async (tx, present, now) => {
        const target = present.status === 'active' ? present : await webhooks.resume(tx, present);
        return jsonAnswer(200, toWireWebhook(target, now), target.version);
      });
      webhooks.wake();
      return sent;
    },
  );

  app.post(
    `${path}/test`,
    {
      onRequest: keepersOnly,
      schema: {
        ...shared,
        summary: 'Send a test event now',
        description:
          'Once, whether the webhook is paused or not, and tells what came of it. The list of deliveries does not show it.',
        response: { 200: wireTest },
      },
    },
    async (request, reply) => {
      const { actor, idempotency, params } = request;
      const { account, id: caller } = actor;
      const written = await writeOnce(store, { actor, idempotency }, async () => {
        const target = await findTarget(store.sql, account, params.id);
        if (!keeps(actor, target)) throw noSuchWebhook(params.id);
        const {
          taken,
          status: responseStatus,
          body: responseBody,
          durationMs,
          error,
        } = await webhooks.test(target);
        const body = JSON.stringify({ taken, responseStatus, responseBody, durationMs, error });
        const answer = { status: 200, headers: {}, body };
        if (idempotency)
          await recordAnswer(store.sql, account, caller, idempotency, answer, store.clock.now());
        return answer;
      });
      return sendWritten(reply, written);
    },
  );
}
