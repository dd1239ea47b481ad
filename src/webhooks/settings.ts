import type { SettingDefinition, Settings } from '../kernel/settings.ts';

const allowPrivate: SettingDefinition = {
  key: 'webhooks.allowPrivateAddresses',
  type: 'boolean',
  default: 'false',
  label: 'Webhooks may go to addresses that are not of the public Internet',
};

export const webhookSettings: readonly SettingDefinition[] = [allowPrivate];

export function allowsPrivateAddresses(settings: Settings): boolean {
  return (settings[allowPrivate.key] ?? allowPrivate.default) === 'true';
}
