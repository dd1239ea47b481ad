/** The only place that reads the machine's clock. Milliseconds since the epoch, UTC. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
