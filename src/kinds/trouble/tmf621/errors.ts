import { Type } from 'typebox';
import type { ErrorFormat } from '../../../http/contract.ts';
import { problem } from '../../../http/problem.ts';
import { errorCatalogue, type Refusal } from '../../../kernel/errors.ts';
import { movesFrom, statusOf } from './statuses.ts';

const wireError = Type.Object({
  code: Type.String({ description: 'Which error it is, for programs.' }),
  reason: Type.String({ description: 'What the code means.' }),
  message: Type.String({ description: 'What is wrong here.' }),
  status: Type.String({ description: 'The HTTP status.' }),
  referenceError: Type.String({ description: 'The name of the code in the catalogue of errors.' }),
  '@type': Type.Literal('Error'),
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
});

/** How TM Forum's APIs say no. Beside the standard's members, `errors` lists every fault with its place. */
export const tmfErrors: ErrorFormat = {
  contentType: 'application/json',
  // The statuses are those of the product's own API.
  statuses: problem.statuses,
  schema: wireError,
  body(refusal: Refusal, status) {
    const { code, errors } = refusal;
    return {
      code,
      reason: errorCatalogue[code],
      message: tell(refusal),
      status: String(status),
      referenceError: `urn:tessera:error:${code}`,
      '@type': 'Error',
      ...(errors && { errors }),
    };
  },
};

/** The refusal in this contract's words, which knows statuses and neither states nor transitions. */
function tell({ code, message, errors, data = {} }: Refusal): string {
  const { state, notBefore, key } = data;
  if (code === 'duplicate') return `The ticket ${key} has this external identifier already.`;
  if (errors && errors.length > 0) {
    return `${message} ${errors.map((fault) => `${fault.pointer || 'The body'} ${fault.message}.`).join(' ')}`;
  }
  if (typeof state !== 'string') return message;
  const status = statusOf(state);
  const moves = movesFrom(state);
  const allowed = moves.length > 0 ? `allowed from ${status}: ${moves.join(', ')}` : `${status} is final`;
  if (typeof notBefore === 'string')
    return `The owner may close the ticket from ${notBefore} on; ${allowed}.`;
  if (code === 'stateMoved')
    return `Somebody else moved the ticket to ${status} at the same moment; ${allowed}.`;
  if (code === 'invalidTransition' || code === 'notYourTransition') {
    const told =
      'transition' in data
        ? `The ticket is ${status}, where this cannot be done`
        : message.replace(/\.$/, '');
    return `${told}; ${allowed}.`;
  }
  return message;
}
