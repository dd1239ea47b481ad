import type { Kind } from '../../core/kind.ts';
import { inputOfHandOff } from './hand-off.ts';
import { createInput, editInput, updateInput } from './inputs.ts';
import { actingParty, roleOf } from './parties.ts';
import { changeTrouble } from './ticket.ts';
import { GUARANTEE_SETTING, LENIENT_STATUS_SETTING, troubleWorkflow } from './workflow.ts';

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
    {
      key: LENIENT_STATUS_SETTING,
      type: 'boolean',
      default: 'false',
      label: 'TMF621 takes a new ticket with an unknown status as acknowledged',
    },
  ],
  createSchema: createInput,
  editSchema: editInput,
  inputSchema: () => updateInput,
  creatorRole: (actor) => (actingParty(actor) === null ? null : 'TU'),
  roleOf,
  receives: { transition: 'TU01', needsParty: true, input: inputOfHandOff },
  change: changeTrouble,
};
