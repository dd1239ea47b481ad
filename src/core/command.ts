import type { Input } from './kind.ts';
import type { Ticket } from './ticket.ts';

/** What may be edited on a ticket of any kind; a kind that has rules for one of these names it in its `editSchema`. */
export type CommonEdit = Partial<Pick<Ticket, 'assignee' | 'queue' | 'tags'>>;

/** `input` is the kind's part, `common` the part that every kind has. */
export interface EditCommand {
  readonly type: 'edit';
  readonly input: Input;
  readonly common?: CommonEdit;
}

/** A wish to change a ticket. `name` of a creation or transition is the transition's name in the workflow. */
export type Command =
  | { readonly type: 'create'; readonly name: string; readonly input: Input }
  | { readonly type: 'transition'; readonly name: string; readonly input: Input }
  | EditCommand
  | { readonly type: 'comment'; readonly body: string; readonly visibility: 'public' | 'internal' };
