import type { FastifyRequest } from 'fastify';
import type { Ticket } from '../../../core/ticket.ts';
import type { HallInstance } from '../../../http/contract.ts';
import { sendWritten } from '../../../http/reply.ts';
import type { Written } from '../../../kernel/answer.ts';
import type { Refusal } from '../../../kernel/errors.ts';
import { findEcho } from '../../../store/idempotency.ts';
import type { DeskFilter } from '../filter.ts';
import { DESK_PERMISSIONS } from '../permissions.ts';
import { commandOf } from '../plan.ts';
import { numbersAfter } from '../store.ts';
import { fieldsOf } from '../ticket.ts';
import { UNFINISHED } from '../workflow.ts';
import { BASE, TAG } from './contract-name.ts';
import { type ManyParts, resultAnswer, writeMany } from './many.ts';
import {
  inAnyForm,
  MOST_TICKETS,
  type SolveBody,
  solveBody,
  type WireOutcome,
  wireSolved,
} from './schema.ts';
import { readSpellings } from './spellings.ts';

/** PUT solveUnfinishedTickets. */
export function solveRoute(app: HallInstance, parts: ManyParts): void {
  app.put(
    `${BASE}/solveUnfinishedTickets`,
    {
      config: { permission: DESK_PERMISSIONS.setStatus, takesAttachments: true },
      preValidation: readSpellings,
      schema: {
        tags: [TAG],
        summary: 'Solve every ticket that is new, open, pending or on hold',
        description:
          'What the body or the query names narrows it: tickets, a brand, a channel, a group (0: no group). What both name is taken from the body.',
        querystring: solveBody,
        body: inAnyForm(solveBody),
        response: { 200: wireSolved },
      },
    },
    async (request, reply) => sendWritten(reply, await solve(parts, request)),
  );
}

async function solve(parts: ManyParts, request: FastifyRequest): Promise<Written | Refusal> {
  const { actor } = request;
  // A narrowing that went unread would solve every ticket of the account.
  const body = { ...(request.query as SolveBody), ...(request.body as SolveBody | undefined) };
  const filter = toFilter(body);
  const command = (ticket: Ticket) =>
    matches(ticket, filter) ? commandOf(ticket, { state: 'solved', edit: {} }) : null;
  if (body.ticketIDs) {
    const numbers = [...new Set(body.ticketIDs.map(Number))];
    const answer = (outcomes: readonly WireOutcome[]) => solvedAnswer(countDone(outcomes));
    return writeMany(parts, request, { numbers, command, answer });
  }
  const echo = await findEcho(parts.store.sql, request);
  if (echo) return echo;
  // Ten thousand in a transaction; tickets that come meanwhile come after the last one, so the end is reached.
  let after: string | null = null;
  let solved = 0;
  for (;;) {
    const page: { id: string; number: number }[] = await numbersAfter(
      parts.store.listSql,
      actor.account,
      filter,
      after,
      MOST_TICKETS,
    );
    const numbers = page.map(({ number }) => number);
    const isLast = page.length < MOST_TICKETS;
    let done = 0;
    const answer = (outcomes: readonly WireOutcome[]) => {
      done = countDone(outcomes);
      return solvedAnswer(solved + done);
    };
    const written = await writeMany(parts, request, { numbers, command, answer, isPart: !isLast });
    if (!written.ok || isLast) return written;
    solved += done;
    after = page.at(-1)?.id ?? null;
  }
}

function countDone(outcomes: readonly WireOutcome[]): number {
  return outcomes.filter(({ result }) => result === 'done').length;
}

function solvedAnswer(solved: number) {
  return resultAnswer({ message: `Tickets solved: ${solved}.`, solved });
}

function toFilter({ brandID, channelID, assignedGroupID }: SolveBody): DeskFilter {
  const group = assignedGroupID === undefined ? undefined : Number(assignedGroupID);
  return {
    states: UNFINISHED,
    brand: brandID === undefined ? undefined : Number(brandID),
    channel: channelID === undefined ? undefined : Number(channelID),
    queue: group === undefined ? undefined : group === 0 ? null : String(group),
  };
}

/** The same as the statement asks for, of a ticket that may have changed since. */
function matches(ticket: Ticket, { brand, channel, queue }: DeskFilter): boolean {
  const fields = fieldsOf(ticket);
  return (
    (UNFINISHED as readonly string[]).includes(ticket.state) &&
    (brand === undefined || fields.brand === brand) &&
    (channel === undefined || fields.channel === channel) &&
    (queue === undefined || ticket.queue === queue)
  );
}
