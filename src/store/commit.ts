import type { Decision } from '../core/decision.ts';
import { nextDueAt } from '../core/ticket.ts';
import type { Answer, IdempotencyKey } from '../kernel/answer.ts';
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
 * A ticket that is found by words of this size is not found by later ones. With the words of one more decision this
 * stays below 1 MB, where PostgreSQL refuses the row.
 */
const SEARCH_BYTES = 500_000;

/**
 * Writes decisions of one account with one statement: tickets, events, timers and idempotency records.
 *
 * A decision is written whole or not at all. It is not written when the ticket's version is no longer the one decided
 * on, when its unique key is taken, or when its idempotency key has a record already; the others go through. Two
 * decisions on the same ticket must not be in one call (only one of them would be written).
 *
 * The plan is made once, while the tables may be small, and kept. So each table is asked in a form that can only be
 * answered by probing a key: a join would be planned as a scan of what is empty today and huge tomorrow.
 * @returns for each item, whether it was written
 * @throws what the driver throws; then nothing is written (or, when the connection broke, it is not known)
 */
export async function commit(sql: Sql, account: string, items: readonly CommitItem[]): Promise<boolean[]> {
  const written = await sql<{ ord: number }[]>`
    with
    t as (
      select * from json_to_recordset(${asJson(items.map(toTicketJson))}::text::json) as t(
        ord int, expected int, id uuid, kind text, number bigint, key text, state text, category text, version int,
        title text, priority smallint, assignee text, queue text, customer text, tags jsonb, issuer text, owner text,
        external_reference text, unique_key text, fields jsonb, timers jsonb, due_at timestamptz,
        created_at timestamptz, updated_at timestamptz, closed_at timestamptz, search text,
        type text, name text, from_state text, actor jsonb, contract text, reason text, data jsonb,
        idem_actor text, idem_key text, idem_fingerprint text, idem_status smallint, idem_headers jsonb,
        idem_body text, started jsonb, ended jsonb, files jsonb
      )
    ),
    fresh as (
      select t.* from t
      where t.idem_key is null or (
        select 1 from idempotency i where i.account = ${account} and i.actor = t.idem_actor and i.key = t.idem_key
      ) is null
    ),
    created as (
      insert into ticket (
        account, id, kind, number, key, state, category, version, title, priority, assignee, queue, customer, tags,
        issuer, owner, external_reference, unique_key, fields, timers, due_at, created_at, updated_at, closed_at, search
      )
      select
        ${account}, id, kind, number, key, state, category, version, title, priority, assignee, queue, customer,
        array(select jsonb_array_elements_text(tags)), issuer, owner, external_reference, unique_key, fields, timers,
        due_at, created_at, updated_at, closed_at,
        array_to_tsvector(string_to_array(search, ' '))
      from fresh where expected = 0
      order by ord
      on conflict do nothing
      returning id
    ),
    changed as (
      update ticket set
        state = f.state, category = f.category, version = f.version, title = f.title, priority = f.priority,
        assignee = f.assignee, queue = f.queue, customer = f.customer,
        tags = array(select jsonb_array_elements_text(f.tags)), issuer = f.issuer, owner = f.owner,
        external_reference = f.external_reference, unique_key = f.unique_key, fields = f.fields, timers = f.timers,
        due_at = f.due_at, updated_at = f.updated_at, closed_at = f.closed_at,
        search = case
          when f.search = '' or pg_column_size(strip(ticket.search)) > ${SEARCH_BYTES} then ticket.search
          else ticket.search || array_to_tsvector(string_to_array(f.search, ' '))
        end
      from fresh f
      where f.expected > 0 and ticket.account = ${account} and ticket.id = f.id and ticket.version = f.expected
        and ticket.id = any(array(select id from fresh where expected > 0))
      returning ticket.id
    ),
    written as (
      select * from fresh where id in (select id from created) or id in (select id from changed)
    ),
    recorded as (
      insert into idempotency (account, actor, key, fingerprint, status, headers, body, created_at)
      select ${account}, idem_actor, idem_key, idem_fingerprint, idem_status, idem_headers, idem_body, updated_at
      from written where idem_key is not null
    ),
    logged as (
      insert into event (
        account, ticket, kind, type, name, from_state, to_state, version, actor, contract, reason, data, at
      )
      select ${account}, id, kind, type, name, from_state, state, version, actor, contract, reason, data, updated_at
      from written order by ord
    ),
    ended as (
      delete from timer
      where account = ${account}
        and id = any(array(
          select e::uuid from written, jsonb_array_elements_text(ended) e where ended is not null
        ))
    ),
    started as (
      insert into timer (account, id, ticket, kind, name, due_at, ticket_version, created_at)
      select ${account}, s.id, w.id, w.kind, s.name, s.due_at, w.version, w.updated_at
      from written w, jsonb_to_recordset(w.started) as s(id uuid, name text, due_at timestamptz)
      where w.started is not null
    ),
    kept as (
      insert into attachment (account, id, ticket, name, mime_type, size, content, created_at)
      select ${account}, f.id, w.id, f.name, f.mime_type, f.size, decode(f.content, 'base64'), w.updated_at
      from written w,
        jsonb_to_recordset(w.files) as f(id uuid, name text, mime_type text, size integer, content text)
      where w.files is not null
    )
    select ord from written`;
  const outcome = items.map(() => false);
  for (const { ord } of written) outcome[ord] = true;
  return outcome;
}

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
    priority: ticket.priority,
    assignee: ticket.assignee,
    queue: ticket.queue,
    customer: ticket.customer,
    tags: ticket.tags,
    issuer: ticket.issuer,
    owner: ticket.owner,
    external_reference: ticket.externalReference,
    unique_key: ticket.uniqueKey,
    fields: ticket.fields,
    timers: ticket.timers,
    due_at: nextDueAt(ticket),
    created_at: ticket.createdAt,
    updated_at: ticket.updatedAt,
    closed_at: ticket.closedAt,
    search: wordsOf(decision.searchText).join(' '),
    type: event.type,
    name: event.name,
    from_state: event.from,
    actor: event.actor,
    contract: event.contract,
    reason: event.reason,
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
  };
}
