import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { ZendeskAccess } from './settings.ts';
import type { ZendeskPriority, ZendeskStatus } from './spelling.ts';

/** A ticket to be made. https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/ */
export interface NewZendeskTicket {
  readonly subject: string;
  /** The first comment, for agents and requester. */
  readonly comment: string;
  readonly priority: ZendeskPriority;
  /** What the ticket is found by afterwards. */
  readonly externalId: string;
  readonly tags: readonly string[];
}

export interface ZendeskTicketUpdate {
  readonly status: ZendeskStatus;
  /** For agents only. */
  readonly comment: string;
}

const zendeskTicket = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  status: Type.String({ maxLength: 50 }),
});
/** What we read of a ticket there. */
export type ZendeskTicket = Static<typeof zendeskTicket>;

/** `again`: the same request may succeed later, at the earliest at `notBefore` where Zendesk says so. */
export type ZendeskFault = {
  readonly ok: false;
  readonly again: boolean;
  readonly notBefore?: Date;
  /** A sentence for people, without anything secret. */
  readonly fault: string;
};
export type ZendeskAnswer<T> = { readonly ok: true; readonly value: T } | ZendeskFault;

/** Zendesk's ticket API, as far as exceptions need it. */
export interface ZendeskClient {
  /** @param key the `Idempotency-Key`; Zendesk forgets it after some hours */
  createTicket(ticket: NewZendeskTicket, key: string): Promise<ZendeskAnswer<ZendeskTicket>>;
  /** The oldest ticket with the external id, null where there is none. */
  findTicket(externalId: string): Promise<ZendeskAnswer<ZendeskTicket | null>>;
  readTicket(id: string): Promise<ZendeskAnswer<ZendeskTicket>>;
  updateTicket(id: string, update: ZendeskTicketUpdate): Promise<ZendeskAnswer<ZendeskTicket>>;
}

export interface ZendeskClientParts {
  readonly access: ZendeskAccess;
  readonly now: () => Date;
  /** How long one request may take. */
  readonly timeOutMs: number;
  readonly signal?: AbortSignal;
}

const LONGEST_FAULT = 500;
const one = Type.Object({ ticket: zendeskTicket });
const many = Type.Object({ tickets: Type.Array(zendeskTicket) });

export function createZendeskClient(parts: ZendeskClientParts): ZendeskClient {
  const ask = <T>(request: ZendeskRequest, read: (body: unknown) => T | null) => send(parts, request, read);
  const ticketOf = (body: unknown) => (Value.Check(one, body) ? body.ticket : null);
  return {
    createTicket: ({ subject, comment, priority, externalId, tags }, key) => {
      const ticket = { subject, comment: { body: comment }, priority, external_id: externalId, tags };
      const headers = { 'idempotency-key': key };
      return ask({ method: 'POST', path: '/api/v2/tickets', body: { ticket }, headers }, ticketOf);
    },
    async findTicket(externalId) {
      const path = `/api/v2/tickets?external_id=${encodeURIComponent(externalId)}`;
      const found = await ask({ method: 'GET', path }, (body) =>
        Value.Check(many, body) ? body.tickets : null,
      );
      if (!found.ok) return found;
      const [oldest = null] = found.value.toSorted((a, b) => a.id - b.id);
      return { ok: true, value: oldest };
    },
    readTicket: (id) => ask({ method: 'GET', path: `/api/v2/tickets/${encodeURIComponent(id)}` }, ticketOf),
    updateTicket: (id, { status, comment }) => {
      const ticket = { status, comment: { body: comment, public: false } };
      const path = `/api/v2/tickets/${encodeURIComponent(id)}`;
      return ask({ method: 'PUT', path, body: { ticket } }, ticketOf);
    },
  };
}

interface ZendeskRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function send<T>(
  { access, now, timeOutMs, signal }: ZendeskClientParts,
  { method, path, body, headers }: ZendeskRequest,
  read: (body: unknown) => T | null,
): Promise<ZendeskAnswer<T>> {
  const what = `${method} ${path.replace(/\?.*/, '')}`;
  const limit = AbortSignal.timeout(timeOutMs);
  try {
    const response = await fetch(access.url + path, {
      method,
      headers: {
        ...headers,
        accept: 'application/json',
        authorization: basic(access),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // A redirect would take the credentials elsewhere.
      redirect: 'manual',
      signal: signal ? AbortSignal.any([limit, signal]) : limit,
    });
    const text = await response.text();
    if (!response.ok) return faultOf(response, text, what, now());
    const value = read(jsonOf(text));
    if (value !== null) return { ok: true, value };
    return { ok: false, again: true, fault: `Zendesk answered ${what} with something that is no ticket.` };
  } catch (error) {
    const fault = limit.aborted
      ? `Zendesk did not answer ${what} within ${timeOutMs / 1000} s.`
      : `Zendesk could not be reached: ${reasonOf(error)}.`;
    return { ok: false, again: true, fault };
  }
}

/** API tokens: https://developer.zendesk.com/api-reference/introduction/security-and-auth/ */
function basic({ email, token }: ZendeskAccess): string {
  return `Basic ${Buffer.from(`${email}/token:${token}`).toString('base64')}`;
}

/** Answers that a later attempt may turn out otherwise: 409 is a collision with another writer in Zendesk. */
const AGAIN = new Set([408, 409, 425, 429]);

function faultOf({ status, headers }: Response, text: string, what: string, now: Date): ZendeskFault {
  const again = status >= 500 || AGAIN.has(status);
  const waitS = Number(headers.get('retry-after') ?? Number.NaN);
  const notBefore = again && waitS >= 0 ? new Date(now.getTime() + waitS * 1000) : null;
  return {
    ok: false,
    again,
    ...(notBefore && { notBefore }),
    fault: `Zendesk answered ${what} with ${status}${wordsOf(text)}`.slice(0, LONGEST_FAULT).toWellFormed(),
  };
}

/** Zendesk tells faults as `error` with `description` and `details`. */
function wordsOf(text: string): string {
  const body = jsonOf(text);
  if (typeof body !== 'object' || body === null) return '.';
  const { error, description, details } = body as Record<string, unknown>;
  const words = [error, description, details && JSON.stringify(details)].filter(
    (word) => typeof word === 'string' && word !== '',
  );
  return words.length === 0 ? '.' : `: ${words.join(', ')}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code } = cause as { code?: unknown };
  return typeof code === 'string' ? code : cause instanceof Error ? cause.message : String(cause);
}
