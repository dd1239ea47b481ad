import type { FastifyRequest } from 'fastify';
import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { etag } from '../../../http/if-match.ts';
import { sendWritten } from '../../../http/reply.ts';
import type { Written } from '../../../kernel/answer.ts';
import { type Refusal, refuse } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { findByReference } from '../find.ts';
import { ZENDESK_STATUSES } from '../help-desk/zendesk/spelling.ts';
import { exceptionKind } from '../kind.ts';
import { HELP_DESK_INTEGRATION } from '../permissions.ts';
import { integrationOnly } from './access.ts';
import { CONTRACT, PUBLIC_BASE } from './contract-name.ts';
import { spellingsOf } from './references.ts';
import { NO_CONTENT, type StatusUpdateBody, statusUpdate } from './schema.ts';
import { commandOf, type StatusUpdate } from './status-update.ts';
import { verifiedSender } from './webhook-signature.ts';

/** PATCH …/commands/updateStatus: the help desk's webhook. */
export function updateStatusRoute(app: HallInstance, store: Store): void {
  app.patch(
    `${PUBLIC_BASE}/ticketExceptions/commands/updateStatus`,
    {
      config: { readsRawBody: true },
      onRequest: integrationOnly,
      preValidation: readAnyCase,
      schema: {
        tags: ['public'],
        summary: 'Take in what has become of a ticket of the help desk',
        description:
          '`solved` and `closed` close the exception, any other status opens it again. The comment goes into the history. The same update twice changes nothing. Where the account has a webhook secret, the request must be signed with it.',
        body: statusUpdate,
        response: { 204: NO_CONTENT },
      },
    },
    async (request, reply) => {
      const sender = await verifiedSender(store, request);
      if (!sender.ok) return sendRefusal(reply, sender);
      const { externalSystemIdentifier: system, externalReferenceId, status, comment } = request.body;
      if (system !== HELP_DESK_INTEGRATION) {
        return sendRefusal(reply, refuse('forbidden', `The external system ${system} is not known here.`));
      }
      const reference = String(externalReferenceId);
      const names = spellingsOf(reference).map((identifier) => ({ domain: system, identifier }));
      const found = await findByReference(store.listSql, request.actor.account, names);
      if (!found) {
        const message = `No exception has the reference ${reference} in ${system}.`;
        return sendRefusal(reply, refuse('ticketNotFound', message));
      }
      const update = { status, comment: comment || null, sentAt: sender.sentAt };
      return sendWritten(reply, await takeIn(store, request, found.id, update));
    },
  );
}

async function takeIn(
  store: Store,
  { actor, idempotency, ifMatch }: FastifyRequest,
  id: string,
  update: StatusUpdate,
): Promise<Written | Refusal> {
  const change = (mayReopen: boolean) =>
    store.writer.change({
      ref: { id },
      kind: exceptionKind.name,
      ifMatch,
      command: (ticket) => commandOf(ticket, update, mayReopen),
      whenOvertaken: 'decideAgain',
      actor,
      contract: CONTRACT,
      idempotency,
      answer: ({ version }) => ({ status: 204, headers: { etag: etag(version) }, body: '' }),
    });
  const written = await change(true);
  // A newer exception is open for the same type and work item: this one stays closed.
  return !written.ok && written.code === 'duplicate' ? change(false) : written;
}

/** Templates of the help desk write `Solved` as well as `solved`. */
async function readAnyCase(request: FastifyRequest): Promise<void> {
  const body = request.body as Partial<StatusUpdateBody> | null | undefined;
  if (typeof body !== 'object' || body === null || typeof body.status !== 'string') return;
  const status = String(body.status).toLowerCase();
  const known = ZENDESK_STATUSES.find((one) => one === status);
  if (known) request.body = { ...body, status: known };
}
