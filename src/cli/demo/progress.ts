import cliProgress from 'cli-progress';
import type { Cli } from '../parts.ts';

export interface Progress {
  update(tickets: number, events: number): void;
  stop(): void;
}

/**
 * On a terminal a bar, elsewhere a line for each tenth.
 * @param counted what is made, for people
 */
export function startProgress(
  { stderr, output }: Cli,
  kind: string,
  total: number,
  counted = 'tickets',
): Progress {
  if (!stderr.isTTY) {
    let told = 0;
    return {
      update(tickets, events) {
        const tenth = Math.floor((tickets * 10) / total);
        if (tenth > told) output.words(`${kind}: ${tickets} of ${total} ${counted}, ${events} events`);
        told = tenth;
      },
      stop() {},
    };
  }
  const bar = new cliProgress.SingleBar(
    {
      format: `${kind} {bar} {percentage}%  {value} of {total} ${counted}, {events} events, {eta_formatted} left`,
      stream: stderr,
      etaBuffer: 100,
      gracefulExit: false,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total, 0, { events: 0 });
  return {
    update: (tickets, events) => bar.update(tickets, { events }),
    stop: () => bar.stop(),
  };
}
