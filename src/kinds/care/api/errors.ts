import type { ErrorFormat } from '../../../http/contract.ts';
import { problem } from '../../../http/problem.ts';
import { type ErrorCode, type FieldError, type Refusal, refuse } from '../../../kernel/errors.ts';
import { stateToWire } from './map.ts';
import { wireError } from './schema.ts';

/** The titles that the published API has, and for what it has none the names that HTTP gives. */
const TITLES: Readonly<Record<number, string>> = {
  400: 'bad request',
  401: 'not authorize',
  403: 'forbidden',
  404: 'not found',
  409: 'conflict',
  412: 'precondition failed',
  413: 'payload too large',
  415: 'unsupported media type',
  422: 'unprocessable entity',
  429: 'too many requests',
  500: 'internal server error',
  503: 'service unavailable',
};

/** Those that the published API shows bare: nothing is to be said of them. */
const BARE: ReadonlySet<number> = new Set([401, 403, 404, 500]);

/** `{ "errors": [{ "status": "404", "title": "not found" }] }`, an entry for each fault of a request. */
export const careErrors: ErrorFormat = {
  contentType: 'application/json',
  statuses: problem.statuses,
  schema: wireError,
  body({ message, errors = [] }: Refusal, status) {
    const head = { status: String(status), title: TITLES[status] ?? 'error' };
    if (errors.length > 0) return { errors: errors.map((fault) => ({ ...head, ...describe(fault) })) };
    return { errors: [BARE.has(status) ? head : { ...head, detail: message }] };
  },
};

function describe({ pointer, message }: FieldError) {
  return { detail: message, source: { pointer } };
}

const NO_SUCH_STATE: ReadonlySet<ErrorCode> = new Set(['invalidTransition', 'stateMoved']);

/**
 * A refusal in the words of the contract, which knows neither our names of states and transitions nor our keys.
 * @param asked what the client asked for, as the contract calls it
 */
export function inWireWords(refusal: Refusal, asked: string): Refusal {
  const { code, data = {} } = refusal;
  if (code === 'duplicate') return refuse('duplicate', 'Another ticket has this id.');
  const isAboutTheState = code === 'stateMoved' || (code === 'invalidTransition' && 'transition' in data);
  if (!isAboutTheState || typeof data.state !== 'string') return refusal;
  return refuse(code, `${asked} cannot be done: the ticket is ${stateToWire(data.state)}.`);
}

/** The published escalation knows no 409: a ticket that cannot be escalated is a bad request. */
export function escalationRefusal(refusal: Refusal): Refusal {
  return NO_SUCH_STATE.has(refusal.code) ? refuse('invalidRequest', refusal.message) : refusal;
}
