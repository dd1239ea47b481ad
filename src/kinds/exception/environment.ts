import type { SettingDefinition, Settings } from '../../kernel/settings.ts';

/** Whether the account's exceptions are real: then nobody fires triggers before their time. */
export const environmentSetting: SettingDefinition = {
  key: 'exception.environment',
  type: ['test', 'production'],
  default: 'test',
  label: 'In production, triggers cannot be fired by hand over the exceptions contract',
};

export function isProduction(settings: Settings): boolean {
  return (settings[environmentSetting.key] ?? environmentSetting.default) === 'production';
}
