import { invalid, type Refusal } from '../../kernel/errors.ts';
import { both, type DeskFilter } from './filter.ts';
import { PRIORITIES, type PriorityWord, priorityNumber } from './priorities.ts';
import { DESK_STATES, type DeskState } from './workflow.ts';

type Term = (value: string) => DeskFilter | null;

const DIGITS = /^[0-9]{1,15}$/;

const numeric =
  (name: 'number' | 'brand' | 'channel' | 'form'): Term =>
  (value) =>
    DIGITS.test(value) ? { [name]: Number(value) } : null;

const group: Term = (value) =>
  DIGITS.test(value) ? { queue: Number(value) === 0 ? null : String(Number(value)) } : null;

const status: Term = (value) => {
  const states = value.split(',');
  return states.every((state): state is DeskState => (DESK_STATES as readonly string[]).includes(state))
    ? { states }
    : null;
};

const priority: Term = (value) =>
  (PRIORITIES as readonly string[]).includes(value)
    ? { priority: priorityNumber(value as PriorityWord) }
    : null;

/** The parts of a ticket that a query can name, as `field:value`. */
const TERMS: ReadonlyMap<string, Term> = new Map<string, Term>([
  ['id', numeric('number')],
  ['status', status],
  ['priority', priority],
  ['brand', numeric('brand')],
  ['channel', numeric('channel')],
  ['form', numeric('form')],
  ['group', group],
  ['direction', (value) => (/^(?:in|out)bound$/.test(value) ? { direction: value } : null)],
  ['user', (value) => ({ assignee: value })],
  ['customer', (value) => (DIGITS.test(value) ? { customer: String(Number(value)) } : null)],
  ['tag', (value) => ({ tags: [value] })],
  ['external', (value) => ({ externalReference: value })],
  ['from', (value) => ({ from: value, text: value })],
  ['to', (value) => ({ to: value, text: value })],
]);

const PART = /(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/g;

/**
 * What a query asks for: `field:value` terms, values with spaces in quotes, and words for the full text. Each term narrows
 * what the others leave. A name that is no field (as in `https://…`) makes a word of it all.
 */
export function parseQuery(query: string): { readonly ok: true; readonly filter: DeskFilter } | Refusal {
  let filter: DeskFilter = {};
  for (const [whole, name = '', quoted, bare = ''] of query.matchAll(PART)) {
    const term = TERMS.get(name);
    const found = term ? term(quoted ?? bare) : { text: whole };
    if (!found) return invalid([{ pointer: '/query/query', message: `has a wrong value in ${whole}` }]);
    filter = both(filter, found);
  }
  return { ok: true, filter };
}
