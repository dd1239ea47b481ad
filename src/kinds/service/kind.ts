import type { Kind } from '../../core/kind.ts';
import { fromHandOff } from './hand-off.ts';
import { createInput, editInput, inputOf } from './inputs.ts';
import { roleOf } from './permissions.ts';
import { changeService } from './ticket.ts';
import { serviceWorkflow } from './workflow.ts';

/** The setting that says whether callers need an API key beside their token. */
export const API_KEY_SETTING = 'service.apiKey';

/** Tickets of remote service: a workshop asks, an operator takes it. */
export const serviceKind: Kind = {
  name: 'service',
  label: 'Service ticket',
  workflow: serviceWorkflow,
  keyPrefix: 'SV',
  settings: [
    {
      key: API_KEY_SETTING,
      type: ['required', 'optional'],
      default: 'required',
      label: 'Whether callers of the service API need an API key beside their token',
    },
  ],
  createSchema: createInput,
  editSchema: editInput,
  inputSchema: inputOf,
  creatorRole: roleOf,
  roleOf: (_ticket, actor) => roleOf(actor),
  receives: { transition: 'create', input: fromHandOff },
  change: changeService,
};
