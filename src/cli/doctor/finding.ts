/** What one look at the set-up has found. */
export interface Finding {
  readonly check: string;
  /** `warn` works, but not as it should; `fail` does not work. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What to do, null where all is well. */
  readonly advice: string | null;
}

export function ok(check: string, found: string): Finding {
  return { check, status: 'ok', found, advice: null };
}

export function warn(check: string, found: string, advice: string): Finding {
  return { check, status: 'warn', found, advice };
}

export function fail(check: string, found: string, advice: string): Finding {
  return { check, status: 'fail', found, advice };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
