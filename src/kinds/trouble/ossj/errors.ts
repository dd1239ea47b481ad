import type { ErrorFormat } from '../../../http/contract.ts';
import type { ErrorCode, Refusal } from '../../../kernel/errors.ts';
import { isTransactionCode } from '../workflow.ts';
import { stateToWire } from './map.ts';
import { wireError } from './schema.ts';

interface Spelling {
  readonly status: number;
  readonly code: string;
}

const SPELLINGS: Readonly<Record<ErrorCode, Spelling>> = {
  invalidRequest: { status: 400, code: 'illegalArgument' },
  malformedBody: { status: 400, code: 'illegalArgument' },
  unsupportedMediaType: { status: 415, code: 'unsupportedMediaType' },
  payloadTooLarge: { status: 413, code: 'payloadTooLarge' },
  unauthenticated: { status: 401, code: 'unauthorized' },
  forbidden: { status: 403, code: 'notAllowed' },
  unknownParty: { status: 403, code: 'notAllowed' },
  notFound: { status: 404, code: 'objectNotFound' },
  ticketNotFound: { status: 404, code: 'objectNotFound' },
  entryNotFound: { status: 404, code: 'objectNotFound' },
  timerNotFound: { status: 404, code: 'objectNotFound' },
  notYourTransition: { status: 403, code: 'notAllowed' },
  invalidTransition: { status: 409, code: 'invalidTransition' },
  stateMoved: { status: 409, code: 'invalidTransition' },
  duplicate: { status: 409, code: 'duplicateMirrorKey' },
  entryExists: { status: 409, code: 'illegalArgument' },
  entryInUse: { status: 409, code: 'illegalArgument' },
  referenceMismatch: { status: 409, code: 'mirrorKeyMismatch' },
  versionMismatch: { status: 412, code: 'versionMismatch' },
  contention: { status: 409, code: 'invalidTransition' },
  idempotencyKeyReused: { status: 422, code: 'idempotencyKeyReused' },
  idempotencyInFlight: { status: 409, code: 'idempotencyInFlight' },
  batchAborted: { status: 409, code: 'batchAborted' },
  rateLimited: { status: 429, code: 'rateLimited' },
  unavailable: { status: 503, code: 'unavailable' },
  internalError: { status: 500, code: 'internalError' },
};

const STATUSES = Object.fromEntries(
  Object.entries(SPELLINGS).map(([code, { status }]) => [code, status]),
) as Record<ErrorCode, number>;

/** How OSS/J says no: a code, a sentence, the faulty fields, and for a conflict what the ticket is and allows now. */
export const ossjErrors: ErrorFormat = {
  contentType: 'application/json',
  statuses: STATUSES,
  schema: wireError,
  body({ code, message, errors = [], data = {} }: Refusal) {
    const { state, allowed, key } = data;
    return {
      code: SPELLINGS[code].code,
      message,
      errors: errors.map(({ pointer, message: fault }) => ({ field: fieldName(pointer), message: fault })),
      ...(typeof state === 'string' && { baseTroubleTicketState: stateToWire(state) }),
      ...(Array.isArray(allowed) && { allowedTransactions: allowed.filter(isTransactionCode) }),
      ...(code === 'duplicate' && { ticketId: key }),
    };
  },
};

/** `/attachments/0/name` as `attachments.0.name`; what stands in the query, path or header by its bare name. */
function fieldName(pointer: string): string {
  return pointer
    .replace(/^\/(query|path|header)\//, '/')
    .slice(1)
    .replaceAll('/', '.');
}
