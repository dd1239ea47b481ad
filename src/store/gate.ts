/** Lets a number of tasks run at once; the others wait in line. */
export type Gate = <T>(task: () => Promise<T>) => Promise<T>;

export function createGate(atOnce: number): Gate {
  const line: (() => void)[] = [];
  let running = 0;

  return async (task) => {
    if (running >= atOnce) await new Promise<void>((resolve) => line.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      // The place is handed on, so that nobody who comes now gets in before those who wait.
      const next = line.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
