import { parseDuration } from './duration.ts';

/** A setting of an account: what it is called, what it is when nobody set it, and what it may be. */
export interface SettingDefinition {
  readonly key: string;
  /** `count`: a whole number from 0 on. `service`: the address of a server elsewhere; empty where there is none. */
  readonly type: 'duration' | 'count' | 'text' | 'boolean' | 'service' | readonly string[];
  readonly default: string;
  readonly label: string;
  /** The collection of which it names an entry, by key; looked at when it is set. */
  readonly entryOf?: string;
  /** Its value is a credential: nothing prints it. */
  readonly secret?: true;
}

/** The settings of one account as stored, by key; a missing key has its definition's default. */
export type Settings = Readonly<Record<string, string>>;

/** Why `value` is not one that the setting may have, or null where it is fine. */
export function settingFault(definition: SettingDefinition, value: string): string | null {
  if (definition.type === 'duration') {
    return parseDuration(value) === null ? 'must be an ISO 8601 duration such as PT72H' : null;
  }
  if (definition.type === 'count') {
    return /^(?:0|[1-9]\d{0,8})$/.test(value) ? null : 'must be a whole number from 0 to 999999999';
  }
  if (definition.type === 'boolean') {
    return value === 'true' || value === 'false' ? null : 'must be true or false';
  }
  if (definition.type === 'service') return value === '' ? null : serviceFault(value);
  if (definition.type === 'text') return value.length <= 1000 ? null : 'must have at most 1000 characters';
  return definition.type.includes(value) ? null : `must be one of ${definition.type.join(', ')}`;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Credentials go there, so it has to be https, but for a server on the same machine. */
function serviceFault(value: string): string | null {
  const fault = 'must be an address such as https://example.org, or http for a server on this machine';
  if (!URL.canParse(value) || value.length > 1000) return fault;
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.test(hostname))) return fault;
  if (username || password || search || hash) return `${fault}, without credentials, query and fragment`;
  return null;
}

const HIDDEN = '(secret)';

/** A value of the setting as it may be printed. */
export function shownValue({ secret }: SettingDefinition, value: string): string {
  return secret && value !== '' ? HIDDEN : value;
}
