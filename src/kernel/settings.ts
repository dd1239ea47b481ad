import { parseDuration } from './duration.ts';

/** A setting of an account: what it is called, what it is when nobody set it, and what it may be. */
export interface SettingDefinition {
  readonly key: string;
  readonly type: 'duration' | 'text' | 'boolean' | readonly string[];
  readonly default: string;
  readonly label: string;
}

/** The settings of one account as stored, by key; a missing key has its definition's default. */
export type Settings = Readonly<Record<string, string>>;

/** Why `value` is not one that the setting may have, or null where it is fine. */
export function settingFault(definition: SettingDefinition, value: string): string | null {
  if (definition.type === 'duration') {
    return parseDuration(value) === null ? 'must be an ISO 8601 duration such as PT72H' : null;
  }
  if (definition.type === 'boolean') {
    return value === 'true' || value === 'false' ? null : 'must be true or false';
  }
  if (definition.type === 'text') return value.length <= 1000 ? null : 'must have at most 1000 characters';
  return definition.type.includes(value) ? null : `must be one of ${definition.type.join(', ')}`;
}
