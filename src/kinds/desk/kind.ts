import type { Kind } from '../../core/kind.ts';
import { changeDesk } from './change.ts';
import { fromHandOff } from './hand-off.ts';
import { messageInput, noteInput } from './messages.ts';
import { creatorRole, roleOf } from './permissions.ts';
import { createInput, editInput } from './ticket.ts';
import { deskWorkflow, transitionTo, UNFINISHED } from './workflow.ts';

/** Help-desk tickets of customers. */
export const deskKind: Kind = {
  name: 'desk',
  label: 'Help-desk ticket',
  workflow: deskWorkflow,
  keyPrefix: 'HD',
  settings: [],
  createSchema: createInput,
  editSchema: editInput,
  inputSchema(transition) {
    if (transition.startsWith('set')) return editInput;
    return transition === 'note' ? noteInput : messageInput;
  },
  receives: {
    transition: 'create',
    input: fromHandOff,
    done: ['solved', 'closed'],
    settle: ({ state }) =>
      UNFINISHED.some((unfinished) => unfinished === state)
        ? [{ transition: transitionTo('solved'), as: 'agent', input: {} }]
        : [],
  },
  creatorRole,
  roleOf,
  change: changeDesk,
};
