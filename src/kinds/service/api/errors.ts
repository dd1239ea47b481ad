import type { ErrorFormat } from '../../../http/contract.ts';
import { problem } from '../../../http/problem.ts';
import type { FieldError, Refusal } from '../../../kernel/errors.ts';
import { toWirePointer } from './names.ts';
import { wireProblem } from './schema.ts';

/** The detail that the published API gives with every list of violations. */
const VIOLATED = 'The request violates one or more constraints. Please resolve all of them and try again.';

/** The last part of a problem's type, and its title. */
const PROBLEMS: Readonly<Record<number, readonly [type: string, title: string]>> = {
  400: ['violations', 'Bad request'],
  401: ['unauthorized', 'Unauthorized'],
  403: ['forbidden', 'Forbidden'],
  404: ['not-found', 'Not found'],
  409: ['conflict', 'Conflict'],
  412: ['precondition-failed', 'Precondition failed'],
  413: ['payload-too-large', 'Payload too large'],
  415: ['unsupported-media-type', 'Unsupported media type'],
  422: ['idempotency-key-reused', 'Unprocessable content'],
  429: ['too-many-requests', 'Too many requests'],
  500: ['internal', 'Internal server error'],
  503: ['unavailable', 'Service unavailable'],
};

/** `application/problem+json` with, for a 400, every violation. */
export const serviceErrors: ErrorFormat = {
  contentType: 'application/problem+json',
  statuses: problem.statuses,
  schema: wireProblem,
  body(refusal, status) {
    const [type, title] = PROBLEMS[status] ?? ['internal', 'Error'];
    const head = { status, title, type: `/problems/${type}` };
    if (status !== 400) return { detail: refusal.message, ...head };
    return { detail: VIOLATED, ...head, violations: violationsOf(refusal) };
  },
};

function violationsOf({ code, message, errors = [] }: Refusal) {
  if (errors.length > 0) return errors.map(toViolation);
  return [{ path: '', message, code: code === 'malformedBody' ? 'malformed' : 'invalid' }];
}

function toViolation({ pointer, message, rule = 'invalid' }: FieldError) {
  if (rule === 'anyOf') return { path: pointer, message, code: 'type' };
  return { path: pointer, message, code: rule.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) };
}

/**
 * A refusal of the rules with its faults where the client finds them.
 * @param at where the command's input stands in the body
 */
export function placed(refusal: Refusal, at: string): Refusal {
  if (!refusal.errors) return refusal;
  const errors = refusal.errors.map((error) => ({ ...error, pointer: at + toWirePointer(error.pointer) }));
  return { ...refusal, errors };
}
