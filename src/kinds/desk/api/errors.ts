import type { ErrorFormat } from '../../../http/contract.ts';
import { problem } from '../../../http/problem.ts';
import type { Refusal } from '../../../kernel/errors.ts';
import { DESK_STATES, transitionTo } from '../workflow.ts';
import { wireError } from './schema.ts';

/** How the help desk says no: a sentence, and the faulty fields as the client spells them. */
export const deskErrors: ErrorFormat = {
  contentType: 'application/json',
  // The statuses are those of the product's own API.
  statuses: problem.statuses,
  schema: wireError,
  body(refusal: Refusal) {
    const { errors = [] } = refusal;
    return {
      type: 'error',
      status: 'error',
      message: tellRefusal(refusal),
      errors: errors.map(({ pointer, message: fault }) => ({ field: fieldName(pointer), message: fault })),
    };
  },
};

/** The refusal in a sentence that speaks of statuses, since the published API knows no transitions. */
export function tellRefusal({ code, message, data = {} }: Refusal): string {
  const wanted = DESK_STATES.find((state) => transitionTo(state) === data.transition);
  if (code !== 'invalidTransition' || wanted === undefined) return message;
  return `A ticket that is ${data.state} cannot become ${wanted}.`;
}

/** `/actions/0/value` as `actions[0][value]`; what stands in the query, path or header by its bare name. */
function fieldName(pointer: string): string {
  const [first = '', ...rest] = pointer
    .replace(/^\/(query|path|header)(?=\/)/, '')
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return first + rest.map((name) => `[${name}]`).join('');
}
