/** Prints what a check found, one fault a line, and sets the exit code. `what` says what was looked at. */
export function report(what: string, faults: readonly string[]): void {
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.stdout.write(`${what}: ${faults.length === 0 ? 'kept' : `${faults.length} fault(s)`}\n`);
  if (faults.length > 0) process.exitCode = 1;
}
