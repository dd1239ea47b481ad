import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const REPOSITORY = join(import.meta.dirname, '..');
const READY_WITHIN_MS = 60_000;
const KEPT_OUTPUT = 4_000;

/** A program of the repository that runs as a process of its own. */
export interface NodeProcess {
  readonly pid: number;
  readonly isRunning: () => boolean;
  /** Null while it runs, and where it was killed. */
  readonly exitCode: () => number | null;
  /** Done when it has ended. */
  readonly exited: Promise<unknown>;
  /** The last of what it wrote. */
  readonly output: () => string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Asks it to stop, and kills it where it does not in time. */
  stop(withinMs: number): Promise<void>;
}

/** Starts a program, and does not wait for it. */
export function beginNode(args: readonly string[], environment: NodeJS.ProcessEnv): NodeProcess {
  const child = spawn(process.execPath, args, {
    cwd: REPOSITORY,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT_OUTPUT);
    });
  }
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  async function end(signal: 'SIGTERM' | 'SIGKILL', killAfterMs: number): Promise<void> {
    if (isRunning()) child.kill(signal);
    const killer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    await exited;
    clearTimeout(killer);
  }
  return {
    pid: child.pid ?? 0,
    isRunning,
    exitCode: () => child.exitCode,
    exited,
    output: () => output,
    kill: () => end('SIGKILL', READY_WITHIN_MS),
    stop: (withinMs) => end('SIGTERM', withinMs),
  };
}

/**
 * Waits until a server answers that it is ready.
 * @throws with the last of what it wrote, where it ends or takes longer than a minute
 */
export async function untilReady(server: NodeProcess, port: number): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!(await isReady(port))) {
    if (!server.isRunning() || performance.now() > deadline) {
      throw new Error(`The server did not start (exit code ${server.exitCode()}):\n${server.output()}`);
    }
    await wait(25);
  }
}

async function isReady(port: number): Promise<boolean> {
  const url = `http://127.0.0.1:${port}/readyz`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  await answer?.arrayBuffer().catch(() => null);
  return answer?.ok === true;
}
