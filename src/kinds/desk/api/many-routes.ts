import type { TSchema } from 'typebox';
import type { Ticket } from '../../../core/ticket.ts';
import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { sendWritten } from '../../../http/reply.ts';
import { DESK_PERMISSIONS } from '../permissions.ts';
import { commandOf } from '../plan.ts';
import { priorityNumber } from '../priorities.ts';
import { planActions } from './actions.ts';
import { BASE, TAG } from './contract-name.ts';
import { eraseMany } from './erase.ts';
import { type ManyParts, numbersOf, writeMany } from './many.ts';
import {
  type BatchBody,
  batchBody,
  inAnyForm,
  type PriorityBody,
  priorityBody,
  type StatusBody,
  statusBody,
  wireMany,
} from './schema.ts';
import { readSpellings } from './spellings.ts';

/** POST setStatus, setPriority and batch. */
export function manyRoutes(app: HallInstance, parts: ManyParts): void {
  const { store } = parts;

  app.post(
    `${BASE}/setStatus`,
    options(
      DESK_PERMISSIONS.setStatus,
      'Set the status of up to 10,000 tickets',
      statusBody,
      'A closed ticket stays closed; a solved one is opened again to open, pending or holding.',
    ),
    async (request, reply) => {
      const { status, ticketIDs } = request.body as StatusBody;
      const numbers = numbersOf(ticketIDs);
      const command = (ticket: Ticket) => commandOf(ticket, { state: status, edit: {} });
      return sendWritten(reply, await writeMany(parts, request, { numbers, command }));
    },
  );

  app.post(
    `${BASE}/setPriority`,
    options(DESK_PERMISSIONS.update, 'Set the priority of up to 10,000 tickets', priorityBody),
    async (request, reply) => {
      const { priority, ticketIDs } = request.body as PriorityBody;
      const numbers = numbersOf(ticketIDs);
      const edit = { priority: priorityNumber(priority) };
      const command = (ticket: Ticket) => commandOf(ticket, { edit });
      return sendWritten(reply, await writeMany(parts, request, { numbers, command }));
    },
  );

  app.post(
    `${BASE}/batch`,
    options(
      DESK_PERMISSIONS.batch,
      'Do several things to up to 10,000 tickets',
      batchBody,
      'All actions are done to a ticket, or none; a ticket that refuses them keeps no other from being done. `delete` stands alone.',
    ),
    async (request, reply) => {
      const { actor, body } = request;
      const { ticketIDs, actions } = body as BatchBody;
      const { catalogue } = await store.directory.account(actor.account);
      const plan = await planActions(actions, { store, account: actor.account, catalogue });
      if (!plan.ok) return sendRefusal(reply, plan);
      const numbers = numbersOf(ticketIDs);
      if (plan.deletes) return sendWritten(reply, await eraseMany(store, request, numbers));
      const command = (ticket: Ticket) => {
        const wanted = plan.planFor(ticket);
        return 'ok' in wanted ? wanted : commandOf(ticket, wanted);
      };
      return sendWritten(reply, await writeMany(parts, request, { numbers, command }));
    },
  );
}

function options(permission: string, summary: string, body: TSchema, description?: string) {
  return {
    config: { permission, takesAttachments: true },
    preValidation: readSpellings,
    schema: {
      tags: [TAG],
      summary,
      ...(description !== undefined && { description }),
      body: inAnyForm(body, 'needed'),
      response: { 200: wireMany },
    },
  };
}
