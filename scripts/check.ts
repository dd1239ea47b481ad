import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '..');
const bin = join(repository, 'node_modules', '.bin');

/** The longest first, so that the end does not wait for one of them alone. */
const parts: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
  { name: 'imports', command: ['node', 'scripts/check-imports.ts'] },
  { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings', '--no-errors-on-unmatched'] },
  { name: 'generated files', command: ['node', 'scripts/check-generated.ts'] },
  { name: 'file size', command: ['node', 'scripts/check-file-size.ts'] },
  { name: 'lock file', command: ['node', 'scripts/check-lock-file.ts'] },
];

const waiting = [...parts];
const failed: string[] = [];

async function work(): Promise<void> {
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    const begun = performance.now();
    const { ok, output } = await run(part.command);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${part.name} (${seconds} s)\n`);
    if (ok) continue;
    failed.push(part.name);
    process.stdout.write(`${output.trimEnd()}\n\n`);
  }
}

/** Runs a program of this checkout and keeps what it says. A program that cannot be started has failed. */
function run([program = '', ...args]: readonly string[]): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(join(bin, program), args, {
      cwd: repository,
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.once('error', (error) => resolve({ ok: false, output: `${output}\n${error.message}` }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}

await Promise.all(Array.from({ length: availableParallelism() }, work));

process.stdout.write(
  failed.length === 0
    ? `check: all ${parts.length} parts passed\n`
    : `check: ${failed.length} of ${parts.length} parts failed: ${failed.join(', ')}\n`,
);
if (failed.length > 0) process.exitCode = 1;
