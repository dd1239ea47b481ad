/** What has to be ended when a drill is over, in the reverse order of its beginning, whatever happened. */
export interface Endings {
  add(end: () => Promise<unknown>): void;
  all(): Promise<void>;
}

export function createEndings(): Endings {
  const ends: (() => Promise<unknown>)[] = [];
  return {
    add(end) {
      ends.push(end);
    },
    async all() {
      const faults: unknown[] = [];
      for (let end = ends.pop(); end; end = ends.pop()) {
        await end().catch((error: unknown) => faults.push(error));
      }
      if (faults.length > 0) throw new AggregateError(faults, 'Not all that was started could be ended.');
    },
  };
}
