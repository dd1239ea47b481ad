import { Type } from 'typebox';
import type { ErrorFormat } from '../../../http/contract.ts';
import { problem } from '../../../http/problem.ts';
import type { FieldError } from '../../../kernel/errors.ts';

const ERROR_CODES = [
  'ValidationFailed',
  'Unauthorized',
  'Forbidden',
  'NotFound',
  'InternalServerError',
] as const;

const wireError = Type.Object({
  errorCode: Type.Enum([...ERROR_CODES]),
  message: Type.String(),
  errors: Type.Record(Type.String(), Type.Array(Type.String()), {
    description: 'What is wrong with each field; empty where no field is at fault.',
  }),
});

/** `{ "errorCode": "NotFound", "message": "…", "errors": {} }`, with a list of faults for each field. */
export const exceptionErrors: ErrorFormat = {
  contentType: 'application/json',
  statuses: {
    ...problem.statuses,
    // The published API knows no 409 for what is wrong with a request.
    duplicate: 400,
    entryExists: 400,
    entryInUse: 400,
    referenceMismatch: 400,
  },
  schema: wireError,
  body: ({ message, errors = [] }, status) => ({
    errorCode: errorCode(status),
    message,
    errors: errorsByField(errors),
  }),
};

/** The published text has five codes; the HTTP status tells more. */
function errorCode(status: number): (typeof ERROR_CODES)[number] {
  if (status === 401) return 'Unauthorized';
  if (status === 403) return 'Forbidden';
  if (status === 404) return 'NotFound';
  return status >= 500 ? 'InternalServerError' : 'ValidationFailed';
}

/** The faults of each field: `{ "pageKey": ["…"] }`. */
export function errorsByField(errors: readonly FieldError[]): Record<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const { pointer, message } of errors) {
    const field = fieldName(pointer);
    fields.set(field, [...(fields.get(field) ?? []), message]);
  }
  return Object.fromEntries(fields);
}

/** `/query/pageKey` is `pageKey`, `/3/data/eta` is `[3].data.eta`, the body as a whole is `body`. */
function fieldName(pointer: string): string {
  const steps = pointer
    .replace(/^\/(?:query|path|header)(?=\/)/, '')
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const name = steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('');
  return name.replace(/^\./, '') || 'body';
}
