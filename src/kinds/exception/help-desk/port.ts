import type { Settings } from '../../../kernel/settings.ts';
import type { HelpDeskSystem } from '../fields.ts';
import type { HelpDesk } from './help-desk.ts';
import { ownDesk } from './own-desk.ts';
import { zendeskAccess } from './zendesk/settings.ts';

const nothing = () => ({});

/** Zendesk is told by a reader of the log, whose jobs call it. */
const zendesk: HelpDesk = { opened: nothing, retried: nothing, settled: nothing };

export const helpDesks: Readonly<Record<HelpDeskSystem, HelpDesk>> = { zendesk, desk: ownDesk };

/** Which help desk the account's new exceptions go to: Zendesk where it is configured, else the product's own desk. */
export function helpDeskFor(settings: Settings): HelpDeskSystem {
  return zendeskAccess(settings) ? 'zendesk' : 'desk';
}
