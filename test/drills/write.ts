import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { PartyKey, Tokens } from './cast.ts';
import { ANSWER_WITHIN_MS, exchange, type Outcome } from './exchange.ts';
import type { Journal } from './journal.ts';

/** A ticket as a client of the trouble contract reads it; the part that a drill looks at. */
export interface WireTicket {
  readonly ticketId: string;
  readonly mirrorKey: string;
  readonly baseTroubleTicketState: string;
  readonly version: number;
}

export interface WritePlan {
  readonly by: PartyKey;
  readonly method: 'POST' | 'PATCH' | 'PUT';
  readonly path: string;
  /** Its `dialog` becomes the idempotency key, so that the history tells which request made an entry. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether the write may be refused, with this code. */
  readonly mayBeRefused: (code: string) => boolean;
}

export interface Sender {
  readonly journal: Journal;
  readonly tokens: Tokens;
  /** Where the next attempt goes. */
  readonly target: () => string;
  /** When true, an attempt without an answer is not repeated any more. */
  readonly givesUp: () => boolean;
}

const PAUSE_MS = 100;

/**
 * Sends a write with a new idempotency key until it is answered, with the same key each time.
 * @returns the ticket, or null where the write was refused or given up
 */
export async function sendWrite(sender: Sender, plan: WritePlan): Promise<WireTicket | null> {
  const { journal, tokens } = sender;
  const key = randomUUID();
  journal.open.add(key);
  const request = {
    method: plan.method,
    headers: {
      authorization: `Bearer ${tokens[plan.by]}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify({ ...plan.body, dialog: key }),
  };
  for (;;) {
    const sentAt = performance.now();
    const outcome = await exchange({ url: `${sender.target()}${plan.path}`, ...request });
    journal.slowestMs = Math.max(journal.slowestMs, performance.now() - sentAt);
    const pauseMs = pauseAfter(journal, plan, outcome);
    if (pauseMs === null) return settle(journal, plan, key, outcome, sentAt);
    if (sender.givesUp()) return null;
    await wait(pauseMs);
  }
}

/** How long to wait before the write is repeated, null where the outcome is final. */
function pauseAfter(journal: Journal, { method, path }: WritePlan, outcome: Outcome): number | null {
  if (outcome.type === 'lost') {
    journal.connectionsLost += 1;
    if (outcome.cutShort) journal.cutShort += 1;
    return PAUSE_MS;
  }
  if (outcome.type === 'silent') {
    journal.faults.push(`${method} ${path} had no answer within ${ANSWER_WITHIN_MS} ms`);
    return PAUSE_MS;
  }
  const { status, text, headers } = outcome;
  if (status === 409 && codeOf(text) === 'idempotencyInFlight') return PAUSE_MS;
  if (status < 500) return null;
  const retryAfter = Number(headers.get('retry-after') ?? Number.NaN);
  if (status !== 503) journal.faults.push(`${method} ${path} was answered with ${status}: ${text}`);
  else if (!(retryAfter > 0)) journal.faults.push(`${method} ${path}: a 503 came without Retry-After`);
  journal.unavailable += 1;
  return retryAfter > 0 ? retryAfter * 1000 : PAUSE_MS;
}

function settle(
  journal: Journal,
  plan: WritePlan,
  key: string,
  outcome: Outcome,
  sentAt: number,
): WireTicket | null {
  journal.open.delete(key);
  if (outcome.type !== 'answer') return null;
  const { status, text, headers } = outcome;
  if (status >= 400) {
    const code = codeOf(text);
    journal.refused.set(key, `${status} ${code}`);
    if (!plan.mayBeRefused(code)) {
      journal.faults.push(`${plan.method} ${plan.path} was refused with ${status}: ${text}`);
    }
    return null;
  }
  const ticket = JSON.parse(text) as WireTicket;
  const { ticketId, version } = ticket;
  journal.done.set(key, { status, text, ticketId, version });
  journal.lastDoneSentAt = Math.max(journal.lastDoneSentAt, sentAt);
  if (headers.get('idempotency-replayed') === 'true') journal.replayed += 1;
  return ticket;
}

function codeOf(text: string): string {
  try {
    return String((JSON.parse(text) as { code?: unknown }).code);
  } catch {
    return text.slice(0, 100);
  }
}
