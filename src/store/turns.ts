/** Lets those who want the same thing have it one after the other, in the order in which they came. */
export interface Turns {
  /** Waits for one's turn; the function that comes back ends it. */
  take(key: string): Promise<() => void>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();

  return {
    async take(key) {
      const before = last.get(key);
      let end = () => {};
      const mine = new Promise<void>((resolve) => {
        end = resolve;
      });
      last.set(key, mine);
      await before;
      return () => {
        if (last.get(key) === mine) last.delete(key);
        end();
      };
    },
  };
}
