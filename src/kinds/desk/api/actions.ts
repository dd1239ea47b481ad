import type { Catalogue } from '../../../core/collection.ts';
import type { Ticket } from '../../../core/ticket.ts';
import { type FieldError, invalid, type Refusal } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { findCustomer, linkTo, UNLINKED } from '../customers.ts';
import type { Plan } from '../plan.ts';
import { PRIORITIES, type PriorityWord, priorityNumber } from '../priorities.ts';
import { type EditInput, MOST_TAGS } from '../ticket.ts';
import { DESK_STATES, type DeskState } from '../workflow.ts';
import type { ACTION_TYPES, BatchBody } from './schema.ts';

/** What the actions of a batch come to for a ticket; `deletes`: nothing but its end. */
export interface ActionPlan {
  readonly ok: true;
  readonly deletes: boolean;
  planFor(ticket: Ticket): Plan | Refusal;
}

type ActionType = (typeof ACTION_TYPES)[number];

interface Sketch {
  state?: DeskState;
  edit: EditInput;
  readonly tags: { readonly add: boolean; readonly tag: string }[];
  deletes: boolean;
}

interface Context {
  readonly store: Store;
  readonly account: string;
  readonly catalogue: Catalogue;
}

/** Takes an action into the sketch; what is wrong with its value otherwise. */
type Take = (sketch: Sketch, value: string, context: Context) => string | null | Promise<string | null>;

const DIGITS = /^[0-9]{1,15}$/;

const TAKE: Readonly<Record<ActionType, Take>> = {
  setStatus(sketch, value) {
    if (!(DESK_STATES as readonly string[]).includes(value))
      return `must be one of ${DESK_STATES.join(', ')}`;
    if (sketch.state !== undefined) return 'sets a second status';
    sketch.state = value as DeskState;
    return null;
  },
  setPriority(sketch, value) {
    if (!(PRIORITIES as readonly string[]).includes(value)) return `must be one of ${PRIORITIES.join(', ')}`;
    return set(sketch, { priority: priorityNumber(value as PriorityWord) });
  },
  assignGroup(sketch, value, { catalogue }) {
    if (value === '' || value === '0') return set(sketch, { queue: null });
    if (!hasEntry(catalogue, 'groups', value)) return 'must be the number of a group, or 0 for none';
    return set(sketch, { queue: String(Number(value)) });
  },
  assignUser(sketch, value) {
    if (value.length > 255) return 'must have at most 255 characters';
    return set(sketch, { assignee: value === '' || value === '0' ? null : value });
  },
  addTag: (sketch, value) => takeTag(sketch, value, true),
  removeTag: (sketch, value) => takeTag(sketch, value, false),
  setTitle: (sketch, value) => set(sketch, { title: value }),
  setBrand(sketch, value, { catalogue }) {
    if (!hasEntry(catalogue, 'brands', value)) return 'must be the number of a brand';
    return set(sketch, { brand: Number(value) });
  },
  async linkCustomer(sketch, value, { store, account }) {
    const customer = DIGITS.test(value) ? await findCustomer(store, account, String(Number(value))) : null;
    return customer ? set(sketch, linkTo(customer)) : 'must be the number of a customer';
  },
  unlinkCustomer: (sketch) => set(sketch, UNLINKED),
  delete(sketch) {
    sketch.deletes = true;
    return null;
  },
};

/**
 * What a batch's actions come to, taken in their order; a refusal that names every fault. What is set twice is what it is
 * set to last, but there can be one status only, and nothing after a deletion.
 */
export async function planActions(
  actions: BatchBody['actions'],
  context: Context,
): Promise<ActionPlan | Refusal> {
  const sketch: Sketch = { edit: {}, tags: [], deletes: false };
  const faults: FieldError[] = [];
  for (const [index, { actionType, value = '' }] of actions.entries()) {
    const fault = sketch.deletes
      ? 'comes after a deletion'
      : await TAKE[actionType](sketch, String(value), context);
    if (fault !== null) faults.push({ pointer: `/actions/${index}/value`, message: fault });
  }
  if (faults.length > 0) return invalid(faults);
  const { state, edit, tags, deletes } = sketch;
  return {
    ok: true,
    deletes,
    planFor(ticket) {
      if (tags.length === 0) return { state, edit };
      const tagged = new Set(ticket.tags);
      for (const { add, tag } of tags) {
        if (add) tagged.add(tag);
        else tagged.delete(tag);
      }
      if (tagged.size > MOST_TAGS) {
        return invalid(
          [{ pointer: '/actions', message: `would give a ticket more than ${MOST_TAGS} tags` }],
          `A ticket may have ${MOST_TAGS} tags at most.`,
        );
      }
      return { state, edit: { ...edit, tags: [...tagged] } };
    },
  };
}

function set(sketch: Sketch, edit: EditInput): null {
  sketch.edit = { ...sketch.edit, ...edit };
  return null;
}

function takeTag({ tags }: Sketch, value: string, add: boolean): string | null {
  if (value === '' || value.length > 100) return 'must have 1 to 100 characters';
  tags.push({ add, tag: value });
  return null;
}

function hasEntry(catalogue: Catalogue, collection: string, value: string): boolean {
  return DIGITS.test(value) && catalogue.entry(collection, String(Number(value))) !== null;
}
