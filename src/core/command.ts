import type { Input } from './kind.ts';
import type { OtherEnd, SeenRelation } from './link.ts';
import type { Ticket } from './ticket.ts';

/** What may be edited on a ticket of any kind; a kind that has rules for one of these names it in its `editSchema`. */
export type CommonEdit = Partial<Pick<Ticket, 'assignee' | 'queue' | 'tags'>>;

/** `input` is the kind's part, `common` the part that every kind has. */
export interface EditCommand {
  readonly type: 'edit';
  readonly input: Input;
  readonly common?: CommonEdit;
}

/** `about` tells what the comment is about, for programs. */
export interface CommentCommand {
  readonly type: 'comment';
  readonly body: string;
  readonly visibility: 'public' | 'internal';
  readonly about?: Readonly<Record<string, unknown>>;
}

/** What history tells of a link that is made or taken away. */
export interface LinkCommand {
  readonly type: 'link' | 'unlink';
  readonly relation: SeenRelation;
  readonly other: OtherEnd;
}

/** `as` is the role that the system does it in where no timer fires it; anybody else has the role that the kind says. */
export interface TransitionCommand {
  readonly type: 'transition';
  readonly name: string;
  readonly input: Input;
  readonly as?: string;
}

/** A wish to change a ticket. `name` of a creation or transition is the transition's name in the workflow. */
export type Command =
  | { readonly type: 'create'; readonly name: string; readonly input: Input }
  | TransitionCommand
  | EditCommand
  | CommentCommand
  | LinkCommand;
