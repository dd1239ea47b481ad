/**
 * Every error that Tessera answers with, in one place and without HTTP. A contract maps each code to its own
 * status and spelling; the compiler reports a code that a contract forgot.
 */
export const errorCatalogue = {
  invalidRequest: 'The request breaks one or more rules; every fault is listed with its place.',
  malformedBody: 'The body cannot be read as what its content type says.',
  unsupportedMediaType: 'The content type is not one that this operation reads.',
  payloadTooLarge: 'The body is larger than this operation takes.',
  unauthenticated: 'The credential is missing, expired or not valid.',
  forbidden: 'The credential is valid but lacks the permission for this operation.',
  unknownParty: 'The party is not known to this account.',
  notFound: 'Nothing is served at this path with this method.',
  ticketNotFound: 'The ticket does not exist, or the caller cannot see it.',
  entryNotFound: 'The collection has no entry with this key.',
  timerNotFound: 'The timer does not exist, has fired, or was cancelled.',
  notYourTransition: 'The transition exists from this state, but belongs to another role.',
  invalidTransition: 'The transition does not exist from the present state, or may not be done yet.',
  stateMoved: 'Somebody else moved the ticket to another state at the same moment.',
  duplicate: 'A ticket with this unique reference exists already.',
  entryExists: 'Another entry of the collection has this key or this second name already.',
  entryInUse: 'The entry cannot be deleted: other entries name it, or it came with the product.',
  referenceMismatch: 'The reference given is not the one that the ticket has.',
  versionMismatch: 'If-Match names a version that is not the present one.',
  contention: 'The ticket changed again and again while the command was tried; nothing was written.',
  idempotencyKeyReused: 'The Idempotency-Key was used before with another request.',
  idempotencyInFlight: 'The first request with this Idempotency-Key is still running.',
  batchAborted: 'Another item of the atomic batch was refused, so nothing was written.',
  rateLimited: 'This credential sent more requests than its limit allows.',
  unavailable: 'The database cannot be reached at the moment; nothing was written.',
  internalError: 'Something failed inside; the request id leads to the log.',
} as const;

export type ErrorCode = keyof typeof errorCatalogue;

/** One fault and its place: `pointer` is a JSON pointer into the body, or `/query/name`, `/header/name`. */
export interface FieldError {
  readonly pointer: string;
  readonly message: string;
  /** The rule that is broken, for programs: of a schema the keyword, such as `required`; absent where nobody names it. */
  readonly rule?: string;
}

/** An expected "no", as a value. `data` holds facts for the contract's answer, such as the present state. */
export interface Refusal {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly message: string;
  readonly errors?: readonly FieldError[];
  readonly data?: Readonly<Record<string, unknown>>;
}

export function refuse(
  code: ErrorCode,
  message: string = errorCatalogue[code],
  more: { errors?: readonly FieldError[]; data?: Record<string, unknown> } = {},
): Refusal {
  return { ok: false, code, message, ...more };
}

export function invalid(
  errors: readonly FieldError[],
  message: string = errorCatalogue.invalidRequest,
): Refusal {
  return { ok: false, code: 'invalidRequest', message, errors };
}

/** Carries a refusal through code that can only throw, such as a framework's hook. */
export class RefusalError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = 'RefusalError';
    this.refusal = refusal;
  }
}
