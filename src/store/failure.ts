/** The database could not be reached, or went away in the middle. What was asked may be tried again. */
export class UnavailableError extends Error {
  constructor(cause: unknown) {
    super('The database cannot be reached at the moment.', { cause });
    this.name = 'UnavailableError';
  }
}

/** A connection ended, or none came. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

const DRIVER_CODES = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNABORTED',
]);

/**
 * SQLSTATE classes and codes that say "not now": connection trouble, no resources, a server that starts, stops or has
 * just become a standby.
 */
const TRANSIENT_STATES = /^(08...|53...|57P0[1-5]|25006)$/;

/** What the libraries' driver `pg` says without a code. */
const LIBRARY_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** True where the fault lies with the connection or the server's state, not with the statement. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof UnavailableError || error instanceof ConnectionError) return true;
  const code = codeOf(error);
  if (code === null) return error instanceof Error && LIBRARY_WORDS.test(error.message);
  return DRIVER_CODES.has(code) || TRANSIENT_STATES.test(code);
}

/** A fault as callers know it: that of the connection has its name, and has it once. */
export function namedFault(error: unknown): unknown {
  return isUnavailable(error) && !(error instanceof UnavailableError) ? new UnavailableError(error) : error;
}

/** True where a unique index refused the row. */
export function isUniqueViolation(error: unknown): boolean {
  return codeOf(error) === '23505';
}

/** True where the transaction got in the way of another one and was given up; it may be begun anew. */
export function isCollision(error: unknown): boolean {
  return codeOf(error)?.startsWith('40') ?? false;
}
