/** An answer ready to be sent: what an idempotency record keeps, and what a replay sends again. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for an answer without a body. */
  readonly body: string;
}

/** The `Idempotency-Key` of a request, with what tells its request from another one. */
export interface IdempotencyKey {
  readonly key: string;
  /** SHA-256 in base64url over method, path and body. */
  readonly fingerprint: string;
}

/** What became of a request that was not refused: its answer, given now, or again as the first time. */
export interface Written {
  readonly ok: true;
  readonly answer: Answer;
  readonly replayed: boolean;
}
