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

  const complain = (error: unknown) =>
    log.warn({ err: error, reader: name }, 'a reader of the log failed; it goes on');

  async function catchUp(account: string): Promise<void> {
    while (!stopped && (await step(account)) > 0);
  }

  /** A fault in one account's log holds up no other account. */
  async function look(): Promise<void> {
    for (const account of await accounts()) await catchUp(account).catch(complain);
  }

  function run(): void {
    running = look()
      .catch(complain)
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
