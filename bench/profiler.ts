import { once } from 'node:events';
import type { CpuProfile } from './profile.ts';

/** Of one sample, in microseconds: fine enough for functions that run for a request. */
const INTERVAL_US = 250;

export interface Profiler {
  /** Ends the recording and gives what it holds. */
  stop(): Promise<CpuProfile>;
}

/**
 * Records where a process that runs with `--inspect` spends its time, from now on, so that its start is not in it:
 * https://chromedevtools.github.io/devtools-protocol/tot/Profiler/
 */
export async function startProfiler(inspectPort: number): Promise<Profiler> {
  const answer = await fetch(`http://127.0.0.1:${inspectPort}/json/list`);
  const [target] = (await answer.json()) as { webSocketDebuggerUrl: string }[];
  if (!target) throw new Error('The process to be profiled offers no inspector.');
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await once(socket, 'open');
  let last = 0;
  async function call(method: string, params: Record<string, unknown> = {}): Promise<unknown> {
    last += 1;
    const id = last;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as { id?: number; result?: unknown };
      if (message.id === id) resolve(message.result);
    });
    socket.send(JSON.stringify({ id, method, params }));
    return promise;
  }
  await call('Profiler.enable');
  await call('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  await call('Profiler.start');
  return {
    async stop() {
      const { profile } = (await call('Profiler.stop')) as { profile: CpuProfile };
      socket.close();
      return profile;
    },
  };
}
