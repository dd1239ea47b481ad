/** A request that takes longer has no answer: it is a fault, whatever the cause. */
export const ANSWER_WITHIN_MS = 15_000;

export interface Exchange {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type Outcome =
  | { readonly type: 'answer'; readonly status: number; readonly text: string; readonly headers: Headers }
  /** The connection was refused or broke; `cutShort`: in the middle of an answer. */
  | { readonly type: 'lost'; readonly reason: string; readonly cutShort: boolean }
  | { readonly type: 'silent' };

/** One request, without any repetition. */
export async function exchange({ url, method, headers, body }: Exchange): Promise<Outcome> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  let cutShort = false;
  try {
    const response = await fetch(url, { method, headers, body: body ?? null, signal });
    cutShort = true;
    const text = await response.text();
    return { type: 'answer', status: response.status, text, headers: response.headers };
  } catch (error) {
    if (signal.aborted) return { type: 'silent' };
    return { type: 'lost', reason: reasonOf(error), cutShort };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return 'code' in error ? String(error.code) : error.message;
}
