import type { Endings } from '../test/endings.ts';
import { freePort } from '../test/free-port.ts';
import { beginNode, untilReady } from '../test/node-process.ts';

/** A server finishes what it has begun within ten seconds. */
const STOP_WITHIN_MS = 30_000;

/** Connections of each server's pool, the product's default. */
const DATABASE_CONNECTIONS = 10;

/** A server under load, as a process of its own. */
export interface Server {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
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
  const server = beginNode([...nodeOptions, ...command], {
    ...process.env,
    DATABASE_URL: databaseUrl,
    DATABASE_CONNECTIONS: String(DATABASE_CONNECTIONS),
    LOG_LEVEL: 'warn',
    REQUESTS_PER_MINUTE: '0',
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
  });
  endings.add(() => server.stop(STOP_WITHIN_MS));
  await untilReady(server, port);
  return { name, pid: server.pid, port };
}
