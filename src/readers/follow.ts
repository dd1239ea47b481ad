import type { Logger } from 'pino';

const LOOK_EVERY_MS = 1_000;

export interface FollowerParts {
  readonly name: string;
  readonly log: Logger;
  readonly accounts: () => Promise<readonly string[]>;
  /** Takes the account's next events with their effects in one transaction; 0 when the reader has caught up. */
  readonly step: (account: string) => Promise<number>;
}

/** Runs a durable reader of every account's log until it is stopped. */
export interface Follower {
  /** Ends after the step that is under way. */
  stop(): Promise<void>;
}

export function startFollower({ name, log, accounts, step }: FollowerParts): Follower {
  let stopped = false;
  let alarm: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();

  async function catchUp(): Promise<void> {
    for (const account of await accounts()) {
      while (!stopped && (await step(account)) > 0);
    }
  }

  function run(): void {
    running = catchUp()
      .catch((error: unknown) =>
        log.warn({ err: error, reader: name }, 'a reader of the log failed; it goes on'),
      )
      .then(() => {
        if (!stopped) alarm = setTimeout(run, LOOK_EVERY_MS);
      });
  }

  run();
  return {
    async stop() {
      stopped = true;
      if (alarm) clearTimeout(alarm);
      await running;
    },
  };
}
