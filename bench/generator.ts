import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LoadJob, LoadResult } from './load-job.ts';

/** The load generator, in a process of its own so that it takes no time from what measures. */
export interface Generator {
  /** @throws when an answer has another status than the job's, or a connection breaks */
  run(job: LoadJob): Promise<LoadResult>;
  stop(): Promise<void>;
}

export function startGenerator(): Generator {
  const child = fork(join(import.meta.dirname, 'load.ts'), { serialization: 'advanced' });
  const ended = once(child, 'exit');
  return {
    async run(job) {
      child.send(job);
      const gone = ended.then(() => {
        throw new Error('The load generator ended.');
      });
      const [reply] = (await Promise.race([once(child, 'message'), gone])) as [
        { result: LoadResult } | { error: string },
      ];
      if ('error' in reply) throw new Error(reply.error);
      return reply.result;
    },
    async stop() {
      child.disconnect();
      await ended;
    },
  };
}
