import type { Input } from './kind.ts';

/** A wish to change a ticket. `name` of a creation or transition is the transition's name in the workflow. */
export type Command =
  | { readonly type: 'create'; readonly name: string; readonly input: Input }
  | { readonly type: 'transition'; readonly name: string; readonly input: Input }
  | { readonly type: 'edit'; readonly input: Input }
  | { readonly type: 'comment'; readonly body: string; readonly visibility: 'public' | 'internal' };
