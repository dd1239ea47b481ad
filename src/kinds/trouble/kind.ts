import type { Kind } from '../../core/kind.ts';
import { inputOfHandOff } from './hand-off.ts';
import { actingParty, roleOf } from './parties.ts';
import { changeTrouble, createInput, editInput, updateInput } from './ticket.ts';
import { GUARANTEE_SETTING, troubleWorkflow } from './workflow.ts';

/** Trouble tickets between two parties. */
export const troubleKind: Kind = {
  name: 'trouble',
  label: 'Trouble ticket',
  workflow: troubleWorkflow,
  keyPrefix: null,
  settings: [
    {
      key: GUARANTEE_SETTING,
      type: 'duration',
      default: 'PT72H',
      label: 'Time from cleared until the ticket closes by itself',
    },
  ],
  createSchema: createInput,
  editSchema: editInput,
  inputSchema: () => updateInput,
  creatorRole: (actor) => (actingParty(actor) === null ? null : 'TU'),
  roleOf,
  receives: { transition: 'TU01', input: inputOfHandOff },
  change: changeTrouble,
};
