import type { Kind } from '../../core/kind.ts';
import { changeDesk } from './change.ts';
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
    input: ({ title, description, priority, customer, reference }) => ({
      title,
      content: description,
      ...(priority !== null && { priority: Math.min(Math.max(priority, 1), 4) }),
      ...(customer !== null && { customerName: customer }),
      externalReference: reference,
    }),
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
