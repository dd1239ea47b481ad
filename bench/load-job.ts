/** What every request of a `counted` job has, once or more often, where its number goes. */
export const COUNTER = '000000000000';

/** The requests of a job, as they go over the wire. */
export type Requests =
  /** One text; each request has its own number in the places of `COUNTER`, from `first` on. */
  | { readonly type: 'counted'; readonly text: string; readonly first: number }
  /** Each request is one of the texts, at random. */
  | { readonly type: 'drawn'; readonly texts: readonly string[] }
  /** Each text once; the job ends with the last one. */
  | { readonly type: 'once'; readonly texts: readonly string[] };

export interface LoadJob {
  readonly port: number;
  readonly connections: number;
  /** No request is sent after this time; those under way are waited for. */
  readonly durationMs: number;
  readonly requests: Requests;
  /** Any other status ends the job with an error. */
  readonly status: number;
}

export interface LoadResult {
  readonly answers: number;
  readonly perSecond: number;
  /** From the first request to the last answer. */
  readonly elapsedMs: number;
  /** Processor time of the load generator. */
  readonly cpuMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** The body of the last answer. */
  readonly lastBody: string;
}
