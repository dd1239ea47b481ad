import type { KindRegistry } from '../core/kind.ts';
import type { SettingDefinition } from '../kernel/settings.ts';
import { webhookSettings } from '../webhooks/settings.ts';

/** Every setting that an account may have, in the order in which they are shown. */
export function settingDefinitions(kinds: KindRegistry): SettingDefinition[] {
  return [...[...kinds.values()].flatMap(({ settings }) => settings), ...webhookSettings];
}
