import { Type } from 'typebox';
import type { Kind } from '../../core/kind.ts';
import { candidateSettings } from './candidates/settings.ts';
import { CALENDAR_SETTING, DEFAULT_CALENDAR } from './collections.ts';
import { environmentSetting } from './environment.ts';
import { hearDesk } from './help-desk/own-desk.ts';
import { zendeskSettings } from './help-desk/zendesk/settings.ts';
import { creatorRole, roleOf } from './permissions.ts';
import { changeException, inputSchema, openInput } from './ticket.ts';
import { exceptionWorkflow } from './workflow.ts';

/** Exceptions: what should have happened to a work item and has not. */
export const exceptionKind: Kind = {
  name: 'exception',
  label: 'Exception',
  workflow: exceptionWorkflow,
  keyPrefix: 'EXC',
  settings: [
    {
      key: CALENDAR_SETTING,
      type: 'text',
      default: DEFAULT_CALENDAR,
      label: 'The business calendar that rules and shifts go by',
    },
    environmentSetting,
    ...candidateSettings,
    ...zendeskSettings,
  ],
  createSchema: openInput,
  editSchema: Type.Object({}),
  inputSchema,
  creatorRole,
  roleOf,
  hears: hearDesk,
  change: changeException,
};
