import type { SettingDefinition, Settings } from '../../../../kernel/settings.ts';

/** Where an account's Zendesk is, and how it is entered. */
export interface ZendeskAccess {
  /** Without a slash at its end. */
  readonly url: string;
  readonly email: string;
  readonly token: string;
}

export const WEBHOOK_SECRET_SETTING = 'zendesk.webhookSecret';

export const zendeskSettings: readonly SettingDefinition[] = [
  {
    key: 'zendesk.url',
    type: 'service',
    default: '',
    label: 'The Zendesk that exceptions go to, such as https://example.zendesk.com',
  },
  { key: 'zendesk.email', type: 'text', default: '', label: 'The agent that the API token belongs to' },
  { key: 'zendesk.token', type: 'text', default: '', label: 'The API token', secret: true },
  {
    key: WEBHOOK_SECRET_SETTING,
    type: 'text',
    default: '',
    label: 'The signing secret of the webhook that tells of statuses',
    secret: true,
  },
];

/** How the account's Zendesk is entered, null where it has none. */
export function zendeskAccess(settings: Settings): ZendeskAccess | null {
  const { 'zendesk.url': url, 'zendesk.email': email, 'zendesk.token': token } = settings;
  return url && email && token ? { url: url.replace(/\/+$/, ''), email, token } : null;
}
