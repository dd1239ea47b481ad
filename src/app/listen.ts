import type { FastifyInstance } from 'fastify';
import type { Config } from './config.ts';

/** The server cannot have its address; the message tells the operator what to choose. */
class ListenError extends Error {
  override readonly name = 'ListenError';
}

/**
 * Begins to answer at the address of the configuration.
 * @returns its URL
 * @throws ListenError where the port is taken, kept for others, or the host is no address of this machine
 */
export async function listen(
  app: Pick<FastifyInstance, 'listen'>,
  { host, port }: Pick<Config, 'host' | 'port'>,
): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    throw new ListenError(adviceOn(error as NodeJS.ErrnoException, host, port), { cause: error });
  }
}

function adviceOn({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  const otherPort = 'choose another with --port or PORT';
  switch (code) {
    case 'EADDRINUSE':
      return `The port ${port} of ${host} is used by another program. Stop that one, or ${otherPort}.`;
    case 'EACCES':
      return `The port ${port} of ${host} is kept for programs with more rights: ${otherPort}.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine: choose another with --host or HOST.`;
    default:
      return `${host}:${port} cannot be listened on (${message}): choose others with HOST and PORT.`;
  }
}
