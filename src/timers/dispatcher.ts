import type { Logger } from 'pino';
import type { Clock } from '../kernel/clock.ts';

/** Timers that another node wrote are noticed within this time; well below the 250 ms that firing may take. */
const LOOK_EVERY_MS = 100;
/** Timers that are due one shortly after the other are fired together: a look costs as much for one as for ten. */
const BETWEEN_LOOKS_MS = 30;
const AFTER_FAULT_MS = 1_000;

export interface DispatcherParts {
  readonly clock: Clock;
  readonly log: Logger;
  /** When each account's next timer is due. */
  readonly nextDueTimes: () => Promise<readonly { account: string; dueAt: Date }[]>;
  /** Fires an account's due timers; the number taken, 0 when none was left to take. */
  readonly fireDue: (account: string) => Promise<number>;
}

/** Sleeps until the next timer of any account is due, and fires it. */
export interface Dispatcher {
  /** A timer was written on this node; the dispatcher wakes earlier where it is due before the next look. */
  noticed(dueAt: Date): void;
  /** Ends after the firing that is under way. */
  stop(): Promise<void>;
}

export function startDispatcher({ clock, log, nextDueTimes, fireDue }: DispatcherParts): Dispatcher {
  let stopped = false;
  let wakeAt = 0;
  let alarm: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  const leftUntil = new Map<string, number>();

  function sleepUntil(at: number): void {
    if (stopped) return;
    if (alarm) clearTimeout(alarm);
    wakeAt = at;
    alarm = setTimeout(run, Math.max(0, at - clock.now().getTime()));
  }

  function run(): void {
    alarm = null;
    running = look().then(sleepUntil, (error: unknown) => {
      log.warn({ err: error }, 'timers could not be read; trying again');
      sleepUntil(clock.now().getTime() + AFTER_FAULT_MS);
    });
  }

  /** Fires what is due and says when to look again. */
  async function look(): Promise<number> {
    let next = clock.now().getTime() + LOOK_EVERY_MS;
    for (const { account, dueAt } of await nextDueTimes()) {
      const now = clock.now().getTime();
      if (stopped) break;
      const isDue = dueAt.getTime() <= now;
      if (isDue && ((leftUntil.get(account) ?? 0) > now || !(await fire(account)))) continue;
      next = Math.min(next, Math.max(dueAt.getTime(), now + BETWEEN_LOOKS_MS));
    }
    return next;
  }

  /** An account whose timers fail is left alone for a while, and holds up no other. */
  async function fire(account: string): Promise<boolean> {
    try {
      leftUntil.delete(account);
      return (await fireDue(account)) > 0;
    } catch (error) {
      log.warn({ err: error, account }, 'timers of an account could not be fired; trying again');
      leftUntil.set(account, clock.now().getTime() + AFTER_FAULT_MS);
      return false;
    }
  }

  run();
  return {
    noticed(dueAt) {
      if (alarm && dueAt.getTime() < wakeAt) sleepUntil(dueAt.getTime());
    },
    async stop() {
      stopped = true;
      if (alarm) clearTimeout(alarm);
      await running;
    },
  };
}
