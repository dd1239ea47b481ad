import type { Writable } from 'node:stream';
import type { CliParts, Output } from './parts.ts';

/** Speaks to stdout and stderr. A reader that went away (`tessera … | head -1`) is no fault. */
export function createOutput({ stdout, stderr }: Pick<CliParts, 'stdout' | 'stderr'>): Output {
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    data: (line) => {
      stdout.write(`${line}\n`);
    },
    words: (text) => {
      stderr.write(`${text}\n`);
    },
    async flush() {
      await Promise.all([stdout, stderr].map(drain));
    },
  };
}

/** Calls back for a broken pipe, too. */
function drain(stream: Writable): Promise<void> {
  if (stream.destroyed || stream.writableEnded) return Promise.resolve();
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}
