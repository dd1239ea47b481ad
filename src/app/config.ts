import { resolve } from 'node:path';

export type NodeRole = 'api' | 'worker' | 'all';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

/** What the environment says, read once at the start. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** The folder of the embedded PostgreSQL, absolute. */
  readonly dataDir: string;
  /** An outside PostgreSQL, null for the embedded one. */
  readonly databaseUrl: string | null;
  readonly databaseConnections: number;
  /** How clients reach the server, null where it is the address that it listens on. */
  readonly publicUrl: string | null;
  /** The issuer in the tokens of this deployment, null for the built-in name. Changing it makes all tokens invalid. */
  readonly tokenIssuer: string | null;
  readonly logLevel: LogLevel;
  /** Requests that one credential may send in a minute, 0 for no limit. */
  readonly requestsPerMinute: number;
  /** True behind a reverse proxy whose X-Forwarded headers hold. */
  readonly trustProxy: boolean;
}

/** Every fault of the environment at once, a line each. */
class ConfigError extends Error {
  constructor(faults: readonly string[]) {
    super(`The configuration is not usable:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/**
 * Reads and checks the environment.
 * @throws ConfigError that names each variable at fault and what it may be
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = [];
  const whole = (name: string, fallback: number, least: number, most: number): number => {
    const text = env[name];
    if (text === undefined || text === '') return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    faults.push(`${name} is "${text}", but must be a whole number from ${least} to ${most}`);
    return fallback;
  };
  const oneOf = <T extends string>(name: string, fallback: T, values: readonly T[]): T => {
    const text = env[name];
    if (text === undefined || text === '') return fallback;
    const value = values.find((candidate) => candidate === text);
    if (value === undefined) faults.push(`${name} is "${text}", but must be one of ${values.join(', ')}`);
    return value ?? fallback;
  };
  const url = (name: string, protocols: readonly string[]): string | null => {
    const text = env[name];
    if (text === undefined || text === '') return null;
    if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
    // The value may hold a password, so it is not shown.
    faults.push(`${name} must be a URL that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`);
    return null;
  };
  const config: Config = {
    host: env.HOST || '127.0.0.1',
    port: whole('PORT', 8080, 0, 65_535),
    dataDir: resolve(env.TESSERA_DATA || 'data'),
    databaseUrl: url('DATABASE_URL', ['postgres:', 'postgresql:']),
    databaseConnections: whole('DATABASE_CONNECTIONS', 10, 2, 500),
    publicUrl: url('PUBLIC_URL', ['http:', 'https:']),
    tokenIssuer: url('TOKEN_ISSUER', ['http:', 'https:']),
    logLevel: oneOf('LOG_LEVEL', 'info', LOG_LEVELS),
    requestsPerMinute: whole('REQUESTS_PER_MINUTE', 1_200_000, 0, 100_000_000),
    trustProxy: oneOf('TRUST_PROXY', 'false', ['true', 'false']) === 'true',
  };
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
}

/** True for a process that an npm script started. */
export function startedByNpm(env: Readonly<Record<string, string | undefined>>): boolean {
  return env.npm_lifecycle_event !== undefined;
}
