/** npm passes a terminal's Ctrl-C on to a program that has got it already: both are one wish to stop. */
const ONE_WISH_MS = 500;
const LOOK_EVERY_MS = 200;

export interface StopWishOptions {
  /** npm hands SIGTERM to its shell, which ends without passing it on; the program then gets another parent. */
  readonly startedByNpm: boolean;
  /** Somebody asked a second time. */
  readonly onInsist: () => void;
}

/** Aborted when a person or the system asks the process to stop. */
export function listenForStopWish({ startedByNpm, onInsist }: StopWishOptions): AbortSignal {
  const wish = new AbortController();
  let mayInsist = false;
  const stop = () => {
    if (mayInsist) return onInsist();
    wish.abort();
    setTimeout(() => {
      mayInsist = true;
    }, ONE_WISH_MS).unref();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (startedByNpm && process.platform !== 'win32') {
    const parent = process.ppid;
    const look = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(look);
      stop();
    }, LOOK_EVERY_MS);
    look.unref();
  }
  return wish.signal;
}
