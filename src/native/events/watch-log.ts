import { type LogPosition, newestPosition } from '../../store/log.ts';
import type { Store } from '../../store/store.ts';

/** What other nodes write is noticed within this time; what this node writes, at once. */
const LOOK_EVERY_MS = 200;
/** While the log grows, looks come no closer than this, so that streams send many events at a time. */
const LOOK_APART_MS = 10;
const AFTER_FAULT_MS = 1_000;

/** Tells streams when to read on: one look at an account's log serves all streams of the account. */
export interface LogWatch {
  subscribe(account: string): Subscription;
}

export interface Subscription {
  /** Resolves when the account's log has grown since the last time, or the signal is aborted. */
  grown(signal: AbortSignal): Promise<void>;
  end(): void;
}

interface Watcher {
  isBehind: boolean;
  wake: () => void;
}

export function createLogWatch(store: Store): LogWatch {
  const lookouts = new Map<string, Lookout>();
  store.onCommit(({ ticket }) => lookouts.get(ticket.account)?.hurry());

  return {
    subscribe(account) {
      const lookout = lookouts.get(account) ?? openLookout(store, account);
      lookouts.set(account, lookout);
      const watcher: Watcher = { isBehind: false, wake: () => {} };
      lookout.add(watcher);
      return {
        grown: (signal) => untilBehind(watcher, signal),
        end() {
          if (lookout.remove(watcher) === 0) lookouts.delete(account);
        },
      };
    },
  };
}

function untilBehind(watcher: Watcher, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done);
      watcher.isBehind = false;
      watcher.wake = () => {};
      resolve();
    };
    watcher.wake = done;
    signal.addEventListener('abort', done);
    if (watcher.isBehind || signal.aborted) done();
  });
}

interface Lookout {
  add(watcher: Watcher): void;
  /** @returns how many watchers are left; with the last one the looking ends */
  remove(watcher: Watcher): number;
  /** Something was committed: looks as soon as may be. */
  hurry(): void;
}

function openLookout({ sql, log }: Store, account: string): Lookout {
  const watchers = new Set<Watcher>();
  let newest: LogPosition | null = null;
  let isGrowing = false;
  let isHurried = false;
  let alarm: NodeJS.Timeout | null = null;

  function lookIn(delayMs: number): void {
    alarm = setTimeout(() => {
      alarm = null;
      isHurried = false;
      void look().then((nextDelayMs) => {
        if (watchers.size > 0) lookIn(nextDelayMs);
      });
    }, delayMs);
  }

  async function look(): Promise<number> {
    try {
      const found = await newestPosition(sql, account);
      isGrowing = found?.xid !== newest?.xid || found?.seq !== newest?.seq;
      newest = found;
    } catch (error) {
      log.warn({ err: error, account }, 'the log could not be read for event streams; trying again');
      return AFTER_FAULT_MS;
    }
    if (isGrowing) {
      for (const watcher of watchers) {
        watcher.isBehind = true;
        watcher.wake();
      }
    }
    return isHurried ? LOOK_APART_MS : LOOK_EVERY_MS;
  }

  return {
    add(watcher) {
      watchers.add(watcher);
      if (watchers.size === 1) lookIn(0);
    },
    remove(watcher) {
      watchers.delete(watcher);
      if (watchers.size === 0 && alarm) clearTimeout(alarm);
      return watchers.size;
    },
    hurry() {
      if (isHurried) return;
      isHurried = true;
      if (!alarm) return;
      clearTimeout(alarm);
      lookIn(isGrowing ? LOOK_APART_MS : 0);
    },
  };
}
