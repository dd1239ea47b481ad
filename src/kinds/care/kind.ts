import type { Kind } from '../../core/kind.ts';
import { DEFAULT_DEPARTMENT, DEPARTMENT_SETTING, DEPARTMENTS } from './collections.ts';
import { DEFAULT_LANGUAGE, LANGUAGE_SETTING } from './fields.ts';
import { createInput, editInput, inputOf } from './inputs.ts';
import { roleOf } from './permissions.ts';
import { changeCare, DEFAULT_DEADLINE } from './ticket.ts';
import { careWorkflow, DEADLINE_SETTING } from './workflow.ts';

/** Tickets of customer care: a customer's contact, an agent, a queue. */
export const careKind: Kind = {
  name: 'care',
  label: 'Care ticket',
  workflow: careWorkflow,
  keyPrefix: 'CC',
  settings: [
    {
      key: DEADLINE_SETTING,
      type: 'duration',
      default: DEFAULT_DEADLINE,
      label: 'Time from a ticket’s creation to its deadline',
    },
    {
      key: DEPARTMENT_SETTING,
      type: 'text',
      default: DEFAULT_DEPARTMENT,
      entryOf: DEPARTMENTS,
      label: 'The department of an escalation that names none',
    },
    {
      key: LANGUAGE_SETTING,
      type: 'text',
      default: DEFAULT_LANGUAGE,
      label: 'The language of contact reasons where nobody asks for another',
    },
  ],
  createSchema: createInput,
  editSchema: editInput,
  inputSchema: inputOf,
  creatorRole: roleOf,
  roleOf: (_ticket, actor) => roleOf(actor),
  change: changeCare,
};
