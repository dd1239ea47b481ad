import Type from 'typebox';
import { errorCatalogue } from '../kernel/errors.ts';
import type { ErrorFormat } from './contract.ts';

/**
 * RFC 9457 problem details: `type`, `title`, `status`, `detail`, and as extensions `code`, `errors`, `requestId`
 * and the facts of the refusal. https://www.rfc-editor.org/rfc/rfc9457
 */
export const problem: ErrorFormat = {
  contentType: 'application/problem+json',
  statuses: {
    invalidRequest: 400,
    malformedBody: 400,
    unsupportedMediaType: 415,
    payloadTooLarge: 413,
    unauthenticated: 401,
    forbidden: 403,
    unknownParty: 403,
    notFound: 404,
    ticketNotFound: 404,
    entryNotFound: 404,
    timerNotFound: 404,
    notYourTransition: 403,
    invalidTransition: 409,
    stateMoved: 409,
    duplicate: 409,
    entryExists: 409,
    entryInUse: 409,
    referenceMismatch: 409,
    versionMismatch: 412,
    contention: 409,
    idempotencyKeyReused: 422,
    idempotencyInFlight: 409,
    batchAborted: 409,
    rateLimited: 429,
    unavailable: 503,
    internalError: 500,
  },
  body: ({ code, message, errors, data }, status, requestId) => ({
    ...data,
    type: `/problems/${code}`,
    title: errorCatalogue[code],
    status,
    detail: message,
    code,
    ...(errors && { errors: errors.map(({ pointer, message: fault }) => ({ pointer, message: fault })) }),
    requestId,
  }),
  schema: Type.Object(
    {
      type: Type.String({ description: 'A link to what the code means.' }),
      title: Type.String(),
      status: Type.Integer(),
      detail: Type.String(),
      code: Type.Enum(Object.keys(errorCatalogue)),
      errors: Type.Optional(
        Type.Array(
          Type.Object({
            pointer: Type.String({
              description: 'A JSON pointer into the body, or `/query/…`, `/path/…`, `/header/…`.',
            }),
            message: Type.String(),
          }),
        ),
      ),
      requestId: Type.String(),
    },
    { description: 'RFC 9457 problem details. A refusal may carry further members that state its facts.' },
  ),
};
