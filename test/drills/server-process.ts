import { beginNode, type NodeProcess, untilReady } from '../node-process.ts';
import type { Stage } from './drill.ts';
import type { Place } from './place.ts';

/** The product as its users start it: a process of its own. */
export interface ServerProcess extends Pick<NodeProcess, 'pid' | 'isRunning' | 'output' | 'kill'> {
  readonly url: string;
  readonly port: number;
  /** From the start of the process to its first answer. */
  readonly readyAfterMs: number;
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
  const server = beginServer(stage, place, port, role);
  await untilReady(server, port);
  return {
    ...server,
    url: `http://127.0.0.1:${port}`,
    port,
    readyAfterMs: performance.now() - began,
    async stop() {
      const asked = performance.now();
      await server.stop(stopWithinMs);
      return { code: server.exitCode(), tookMs: performance.now() - asked };
    },
  };
}

/** Starts a server and does not wait for it. */
export function beginServer(stage: Stage, place: Place, port: number, role = 'all'): NodeProcess {
  const server = beginNode(['src/app/main.ts', 'serve', '--role', role], environment(place, port));
  stage.endings.add(server.kill);
  return server;
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
