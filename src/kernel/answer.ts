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
