import { CommanderError } from 'commander';
import type { Refusal } from '../kernel/errors.ts';
import { isUnavailable } from '../store/failure.ts';
import type { Cli } from './parts.ts';

const REFUSED = 1;
const WRONG_USAGE = 2;

/** A "no" that is expected: one clear sentence, no stack. An empty message says that all is said already. */
export class CommandFault extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = REFUSED) {
    super(message);
    this.name = 'CommandFault';
    this.exitCode = exitCode;
  }
}

export function usageFault(message: string): CommandFault {
  return new CommandFault(message, WRONG_USAGE);
}

/** Gives back what was done, and throws what was refused, in the words of the command line. */
export function doneOr<T extends { readonly ok: true }>(outcome: T | Refusal, cli: Cli): T {
  if (outcome.ok) return outcome;
  throw new CommandFault(refusalText(outcome, cli.invocation));
}

function refusalText({ code, message, errors = [] }: Refusal, invocation: string): string {
  if (code === 'unknownParty') {
    return `${message} Make it with: ${invocation} party --key KEY --name NAME`;
  }
  if (errors.length === 0) return message;
  return errors.map(({ pointer, message: fault }) => `${optionOf(pointer)} ${fault}`).join('\n');
}

/** `/jwksUrl` is what the person wrote as `--jwks-url`. */
function optionOf(pointer: string): string {
  const [, name = ''] = pointer.split('/');
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Faults whose message was written for the person who runs the command. */
const EXPECTED = new Set(['CommandFault', 'ConfigError', 'EmbeddedError', 'ListenError', 'MigrationError']);

/** PostgreSQL refuses the connection itself, or a right that the work needs. */
const NOT_LET_IN = /^(28...|3D000|42501)$/;

/** What a failed command says and how it ends. A null message: nothing is left to be said. */
export function explainFault(error: unknown): { message: string | null; exitCode: number; stack: boolean } {
  if (error instanceof CommanderError) {
    // Commander has written its own message, or the help that was asked for.
    return { message: null, exitCode: error.exitCode === 0 ? 0 : WRONG_USAGE, stack: false };
  }
  if (error instanceof CommandFault) {
    return { message: error.message || null, exitCode: error.exitCode, stack: false };
  }
  const expected = (message: string) => ({ message, exitCode: REFUSED, stack: false });
  if (error instanceof Error && EXPECTED.has(error.name)) return expected(error.message);
  if (isUnavailable(error)) {
    return expected(
      `The database cannot be reached (${reasonOf(error)}). Is it running, and is DATABASE_URL right?`,
    );
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (NOT_LET_IN.test(code)) return expected(`The database refuses this: ${reasonOf(error)}.`);
  return { message: reasonOf(error), exitCode: REFUSED, stack: true };
}

/** The innermost reason that has words. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}
