import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Stage } from './drill.ts';
import type { Place } from './place.ts';

const REPOSITORY = join(import.meta.dirname, '../..');
const READY_WITHIN_MS = 60_000;
const KEPT_OUTPUT = 4_000;

/** The product as its users start it: a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  readonly url: string;
  readonly port: number;
  /** From the start of the process to its first answer. */
  readonly readyAfterMs: number;
  readonly isRunning: () => boolean;
  /** The last of what it wrote. */
  readonly output: () => string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Asks it to stop. Its exit code is null where it had to be killed. */
  stop(): Promise<{ readonly code: number | null; readonly tookMs: number }>;
}

export interface ServerOptions {
  readonly port: number;
  readonly role?: 'api' | 'worker' | 'all';
  readonly stopWithinMs?: number;
}

/** Starts a server and waits for its first answer. */
export async function startServer(
  stage: Stage,
  place: Place,
  { port, role = 'all', stopWithinMs = 20_000 }: ServerOptions,
): Promise<ServerProcess> {
  const began = performance.now();
  const begun = beginServer(stage, place, port, role);
  const { child } = begun;
  const url = `http://127.0.0.1:${port}`;
  while (!(await isReady(url))) {
    if (!isRunning(child) || performance.now() - began > READY_WITHIN_MS) {
      throw new Error(`The server did not start (exit code ${child.exitCode}):\n${begun.output()}`);
    }
    await wait(25);
  }
  return {
    pid: child.pid ?? 0,
    url,
    port,
    readyAfterMs: performance.now() - began,
    isRunning: () => isRunning(child),
    output: begun.output,
    kill: begun.kill,
    async stop() {
      const asked = performance.now();
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      await begun.exited;
      clearTimeout(force);
      return { code: child.exitCode, tookMs: performance.now() - asked };
    },
  };
}

/** Starts a server and does not wait for it. */
export function beginServer(stage: Stage, place: Place, port: number, role = 'all') {
  const child = spawn(process.execPath, ['src/app/main.ts', 'serve', '--role', role], {
    cwd: REPOSITORY,
    env: environment(place, port),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT_OUTPUT);
    });
  }
  async function kill(): Promise<void> {
    if (isRunning(child)) child.kill('SIGKILL');
    await exited;
  }
  stage.endings.add(kill);
  return { child, exited, output: () => output, kill };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** Nothing of the caller's own settings reaches the product, but what the system needs. */
function environment(place: Place, port: number): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return {
    PATH,
    HOME,
    ...(TMPDIR !== undefined && { TMPDIR }),
    NODE_ENV: 'production',
    LOG_LEVEL: process.env.DRILL_LOG_LEVEL ?? 'warn',
    HOST: '127.0.0.1',
    PORT: String(port),
    ...place.environment,
  };
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  await answer?.arrayBuffer().catch(() => null);
  return answer?.ok === true;
}
