import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../test/free-port.ts';
import type { Endings } from './endings.ts';

const REPOSITORY = join(import.meta.dirname, '..');
const READY_WITHIN_MS = 60_000;
/** A server finishes what it has begun within ten seconds. */
const STOP_WITHIN_MS = 30_000;

/** Connections of each server's pool, the product's default. */
const DATABASE_CONNECTIONS = 10;

/** A server under load, as a process of its own. */
export interface Server {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly name: string;
  /** The file and its arguments, relative to the repository. */
  readonly command: readonly string[];
  readonly databaseUrl: string;
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
}

/** Starts a server on a free port and waits until it says that it is ready. */
export async function startServer(
  endings: Endings,
  { name, command, databaseUrl, nodeOptions = [] }: ServerOptions,
): Promise<Server> {
  const port = await freePort();
  const child = spawn(process.execPath, [...nodeOptions, ...command], {
    cwd: REPOSITORY,
    env: environment(databaseUrl, { HOST: '127.0.0.1', PORT: String(port) }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4000);
    });
  }
  let stopping: Promise<void> | null = null;
  const exited = once(child, 'exit');
  async function end(): Promise<void> {
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await exited;
    clearTimeout(killer);
  }
  const stop = () => {
    stopping ??= child.exitCode === null ? end() : Promise.resolve();
    return stopping;
  };
  endings.add(stop);
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!(await isReady(port))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`The server "${name}" did not start:\n${output}`);
    }
    await wait(50);
  }
  return { name, pid: child.pid ?? 0, port, stop };
}

/** Runs one command of the product and gives what it prints to stdout. */
export async function runCommand(databaseUrl: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['src/app/main.ts', ...args], {
    cwd: REPOSITORY,
    env: environment(databaseUrl, {}),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let words = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`"${args.join(' ')}" ended with ${code}:\n${words}${output}`);
  return output.trim();
}

function environment(databaseUrl: string, more: Record<string, string>): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DATABASE_URL: databaseUrl,
    DATABASE_CONNECTIONS: String(DATABASE_CONNECTIONS),
    LOG_LEVEL: 'warn',
    REQUESTS_PER_MINUTE: '0',
    NODE_ENV: 'production',
    ...more,
  };
}

async function isReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
  await answer?.arrayBuffer();
  return answer?.ok === true;
}
