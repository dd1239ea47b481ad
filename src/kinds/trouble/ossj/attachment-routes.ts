import { Type } from 'typebox';
import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { refuse } from '../../../kernel/errors.ts';
import { findAttachment } from '../../../store/attachments.ts';
import type { Store } from '../../../store/store.ts';
import { findVisible } from './access.ts';
import { attachmentParams } from './schema.ts';

const anyBytes = { '*/*': { schema: Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' }) } };

/** What a ticket's `attachments[].href` leads to. */
export function attachmentRoutes(app: HallInstance, store: Store, base: string): void {
  app.get(
    `${base}/:ticketId/attachments/:attachmentId`,
    {
      schema: {
        tags: [base],
        summary: 'One file of a ticket',
        params: attachmentParams,
        response: {
          200: { description: 'The bytes, with the type that the file came with.', content: anyBytes },
        },
      },
    },
    async (request, reply) => {
      const { ticketId, attachmentId } = request.params;
      const ticket = await findVisible(store, request.actor, ticketId);
      const file = ticket && (await findAttachment(store.sql, ticket.account, ticket.id, attachmentId));
      if (!file) return sendRefusal(reply, refuse('ticketNotFound', 'The ticket has no such attachment.'));
      return reply
        .header('content-type', file.mimeType)
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
        .send(file.content);
    },
  );
}
