import type { Logger } from 'pino';

/** What other nodes write is noticed within this time. */
const LOOK_EVERY_MS = 1_000;
/**
 * Pauses between looks at an account that something was written in. The first look may find nothing yet: an event is
 * read when every older transaction has ended.
 */
const LOOKS_AFTER_WAKING_MS = [0, 10, 20, 50, 100, 250];
/** In an account that is written in all the time, a look costs as much for one event as for ten. */
const BETWEEN_LOOKS_MS = 25;

export interface FollowerParts {
  readonly name: string;
  readonly log: Logger;
  readonly accounts: () => Promise<readonly string[]>;
  /** Takes the account's next events with their effects in one transaction; 0 when the reader has caught up. */
  readonly step: (account: string) => Promise<number>;
}

/** Runs a durable reader of every account's log until it is stopped. */
export interface Follower {
  /** Something was written in the account: it is looked at at once or in a moment, and a few times more soon after. */
  wake(account: string): void;
  /** Ends after the step that is under way. */
  stop(): Promise<void>;
}

export function startFollower({ name, log, accounts, step }: FollowerParts): Follower {
  let stopped = false;
  let round: NodeJS.Timeout | null = null;
  /** Looks go one after the other. */
  let work: Promise<void> = Promise.resolve();
  const woken = new Map<string, { alarm: NodeJS.Timeout; look: number }>();
  /** When each account was last looked at for being woken. */
  const looked = new Map<string, number>();

  async function catchUp(account: string): Promise<void> {
    while (!stopped && (await step(account)) > 0);
  }

  /** A fault in one account's log holds up no other account. */
  function complain(error: unknown): void {
    log.warn({ err: error, reader: name }, 'a reader of the log failed; it goes on');
  }

  function afterOthers(look: () => Promise<void>): Promise<void> {
    work = work.then(look).catch(complain);
    return work;
  }

  async function lookAround(): Promise<void> {
    for (const account of await accounts()) await catchUp(account).catch(complain);
  }

  function goRound(): void {
    void afterOthers(lookAround).then(() => {
      if (!stopped) round = setTimeout(goRound, LOOK_EVERY_MS);
    });
  }

  function lookSoon(account: string, look: number): void {
    const afterMs = LOOKS_AFTER_WAKING_MS[look];
    if (stopped || afterMs === undefined) return;
    const restMs = (looked.get(account) ?? -Infinity) + BETWEEN_LOOKS_MS - performance.now();
    const pauseMs = look === 0 ? Math.max(0, restMs) : afterMs;
    clearTimeout(woken.get(account)?.alarm);
    const alarm = setTimeout(() => {
      woken.delete(account);
      void afterOthers(() => catchUp(account)).then(() => {
        looked.set(account, performance.now());
        if (!woken.has(account)) lookSoon(account, look + 1);
      });
    }, pauseMs);
    woken.set(account, { alarm, look });
  }

  goRound();
  return {
    wake(account) {
      if (woken.get(account)?.look !== 0) lookSoon(account, 0);
    },
    async stop() {
      stopped = true;
      if (round) clearTimeout(round);
      for (const { alarm } of woken.values()) clearTimeout(alarm);
      await work;
    },
  };
}
