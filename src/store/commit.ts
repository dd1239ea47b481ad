import type { Decision } from '../core/decision.ts';
import { nextDueAt } from '../core/ticket.ts';
import type { Answer, IdempotencyKey } from '../kernel/answer.ts';
import { commitTemplate } from './commit-statement.ts';
import { asJson, type Sql } from './database.ts';
import { wordsOf } from './words-of.ts';

/** The record that lets a repeated request get the first one's answer. */
export interface IdempotencyRecord extends IdempotencyKey {
  /** Id of the actor whose keys these are. */
  readonly actor: string;
  readonly answer: Answer;
}

/** One decision to be written, with the idempotency record that goes with it. */
export interface CommitItem {
  readonly decision: Decision;
  readonly idempotency: IdempotencyRecord | null;
}

/**
 * Writes decisions of one account with one statement: tickets, events, timers and idempotency records.
 *
 * A decision is written whole or not at all. It is not written when the ticket's version is no longer the one decided
 * on, when its unique key is taken, or when its idempotency key has a record already; the others go through. Two
 * decisions on the same ticket must not be in one call (only one of them would be written).
 * @returns for each item, whether it was written
 * @throws what the driver throws; then nothing is written (or, when the connection broke, it is not known)
 */
export async function commit(sql: Sql, account: string, items: readonly CommitItem[]): Promise<boolean[]> {
  if (items.length === 0) return [];
  const template = commitTemplate({
    creates: items.some(({ decision }) => decision.expectedVersion === 0),
    changes: items.some(({ decision }) => decision.expectedVersion > 0),
    records: items.some(({ idempotency }) => idempotency !== null),
    startsTimers: items.some(({ decision }) => decision.timersStarted.length > 0),
    endsTimers: items.some(({ decision }) => decision.timersEnded.length > 0),
    keepsFiles: items.some(({ decision }) => decision.attachments.length > 0),
    links: items.some(({ decision }) => decision.links.length > 0),
  });
  const accounts = template.slice(2).map(() => account);
  const written = await sql<{ ord: number }[]>(template, asJson(items.map(toTicketJson)), ...accounts);
  const outcome = items.map(() => false);
  for (const { ord } of written) outcome[ord] = true;
  return outcome;
}

/** What is null is left out: it costs PostgreSQL nothing to find that it is not there. */
function toTicketJson({ decision, idempotency }: CommitItem, ord: number): Record<string, unknown> {
  const { ticket, event } = decision;
  return {
    ord,
    expected: decision.expectedVersion,
    id: ticket.id,
    kind: ticket.kind,
    number: ticket.number,
    key: ticket.key,
    state: ticket.state,
    category: ticket.category,
    version: ticket.version,
    title: ticket.title,
    priority: ticket.priority ?? undefined,
    assignee: ticket.assignee ?? undefined,
    queue: ticket.queue ?? undefined,
    customer: ticket.customer ?? undefined,
    tags: ticket.tags,
    issuer: ticket.issuer ?? undefined,
    owner: ticket.owner ?? undefined,
    external_reference: ticket.externalReference ?? undefined,
    unique_key: ticket.uniqueKey ?? undefined,
    fields: ticket.fields,
    timers: ticket.timers,
    due_at: nextDueAt(ticket) ?? undefined,
    created_at: ticket.createdAt,
    updated_at: ticket.updatedAt,
    closed_at: ticket.closedAt ?? undefined,
    search: wordsOf(decision.searchText).join(' '),
    type: event.type,
    name: event.name ?? undefined,
    from_state: event.from ?? undefined,
    actor: event.actor,
    contract: event.contract,
    reason: event.reason ?? undefined,
    data: event.data,
    ...(idempotency && {
      idem_actor: idempotency.actor,
      idem_key: idempotency.key,
      idem_fingerprint: idempotency.fingerprint,
      idem_status: idempotency.answer.status,
      idem_headers: idempotency.answer.headers,
      idem_body: idempotency.answer.body,
    }),
    ...(decision.timersStarted.length > 0 && {
      started: decision.timersStarted.map(({ id, name, dueAt }) => ({ id, name, due_at: dueAt })),
    }),
    ...(decision.timersEnded.length > 0 && { ended: decision.timersEnded }),
    ...(decision.attachments.length > 0 && {
      files: decision.attachments.map(({ mimeType, ...file }) => ({ ...file, mime_type: mimeType })),
    }),
    ...(decision.links.length > 0 && { links: decision.links }),
  };
}
