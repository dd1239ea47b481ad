import type { Catalogue } from '../../../core/collection.ts';
import type { Ticket } from '../../../core/ticket.ts';
import { type FieldError, invalid, type Refusal } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { findCustomer, linkTo, UNLINKED } from '../customers.ts';
import type { Plan } from '../plan.ts';
import { type PriorityWord, priorityNumber } from '../priorities.ts';
import { type EditInput, MOST_TAGS } from '../ticket.ts';
import type { DeskState } from '../workflow.ts';
import type { BatchBody } from './schema.ts';

/** What the actions of a batch come to for a ticket; `deletes`: nothing but its end. */
export interface ActionPlan {
  readonly ok: true;
  readonly deletes: boolean;
  planFor(ticket: Ticket): Plan | Refusal;
}

type Action = BatchBody['actions'][number];

interface Sketch {
  state?: DeskState;
  edit: EditInput;
  readonly tags: { readonly add: boolean; readonly tag: string }[];
}

interface Context {
  readonly store: Store;
  readonly account: string;
  readonly catalogue: Catalogue;
}

/** Takes an action into the sketch; what is wrong with its value otherwise. The value has passed the schema of the action. */
type Take = (sketch: Sketch, value: string, context: Context) => string | null | Promise<string | null>;

const TAKE: Readonly<Record<Action['actionType'], Take>> = {
  setStatus(sketch, value) {
    if (sketch.state !== undefined) return 'sets a second status';
    sketch.state = value as DeskState;
    return null;
  },
  setPriority: (sketch, value) => set(sketch, { priority: priorityNumber(value as PriorityWord) }),
  assignGroup(sketch, value, { catalogue }) {
    if (Number(value) === 0) return set(sketch, { queue: null });
    if (!hasEntry(catalogue, 'groups', value)) return 'must be the number of a group, or 0 for none';
    return set(sketch, { queue: keyOf(value) });
  },
  assignUser: (sketch, value) => set(sketch, { assignee: value === '' || value === '0' ? null : value }),
  addTag: (sketch, tag) => setTag(sketch, { add: true, tag }),
  removeTag: (sketch, tag) => setTag(sketch, { add: false, tag }),
  setTitle: (sketch, value) => set(sketch, { title: value }),
  setBrand(sketch, value, { catalogue }) {
    if (!hasEntry(catalogue, 'brands', value)) return 'must be the number of a brand';
    return set(sketch, { brand: Number(value) });
  },
  async linkCustomer(sketch, value, { store, account }) {
    const customer = await findCustomer(store, account, keyOf(value));
    return customer ? set(sketch, linkTo(customer)) : 'must be the number of a customer';
  },
  unlinkCustomer: (sketch) => set(sketch, UNLINKED),
  delete: () => null,
};

/**
 * What a batch's actions come to, taken in their order; a refusal that names every fault. What is set twice is what it is
 * set to last, but there can be one status only, and a deletion stands alone.
 */
export async function planActions(
  actions: readonly Action[],
  context: Context,
): Promise<ActionPlan | Refusal> {
  const sketch: Sketch = { edit: {}, tags: [] };
  const faults: FieldError[] = [];
  const deletion = actions.findIndex(({ actionType }) => actionType === 'delete');
  for (const [index, action] of actions.entries()) {
    if (deletion !== -1 && index !== deletion) {
      faults.push({ pointer: `/actions/${index}/actionType`, message: 'cannot come along with a deletion' });
    }
    const value = 'value' in action ? String(action.value) : '';
    const fault = await TAKE[action.actionType](sketch, value, context);
    if (fault !== null) faults.push({ pointer: `/actions/${index}/value`, message: fault });
  }
  if (faults.length > 0) return invalid(faults);
  const { state, edit, tags } = sketch;
  return {
    ok: true,
    deletes: deletion !== -1,
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

function setTag({ tags }: Sketch, change: Sketch['tags'][number]): null {
  tags.push(change);
  return null;
}

/** The key that is written with digits. */
function keyOf(digits: string): string {
  return String(Number(digits));
}

function hasEntry(catalogue: Catalogue, collection: string, digits: string): boolean {
  return catalogue.entry(collection, keyOf(digits)) !== null;
}
