import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { codeOf, EmbeddedError } from './error.ts';
import { type Folder, readIfThere } from './folder.ts';

/** Below the range from which systems take ports for outgoing connections, so that one of those never holds ours. */
const [FIRST, LAST] = [15_000, 32_000];

/**
 * The port to listen on: `fixed` if given (taken: `portTaken`), else the one that this folder had last, else a free one.
 * Another process may take it before PostgreSQL does, so the caller tries again when it could not be bound.
 */
export async function choosePort(folder: Folder, fixed?: number): Promise<number> {
  if (fixed !== undefined) {
    if (await isFree(fixed)) return fixed;
    throw portTaken(fixed);
  }
  const last = Number(await readIfThere(folder.portFile));
  if (Number.isInteger(last) && last > 0 && last < 65_536 && (await isFree(last))) return last;
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) return port;
  }
  throw new EmbeddedError('portTaken', `No free port was found for PostgreSQL between ${FIRST} and ${LAST}.`);
}

function portTaken(port: number): EmbeddedError {
  return new EmbeddedError(
    'portTaken',
    `PostgreSQL cannot listen on 127.0.0.1:${port}, because another program does: end that program, or choose another port.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      const code = codeOf(error);
      if (code === 'EADDRINUSE' || code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
