import http from 'node:http';
import https from 'node:https';
import { publicLookup, refuseLiteral } from './address.ts';

const ANSWER_WITHIN_MS = 10_000;
/** So much of an answer is kept. */
const KEPT_CHARACTERS = 1_000;
/** So much is read; then the connection is cut. */
const READ_BYTES = 16_384;

/** What came of a request. */
export interface Sent {
  /** Null where no answer came. */
  readonly status: number | null;
  /** The beginning of the answer's body. */
  readonly body: string | null;
  /** When the other side wants to be asked again, null where it does not say. */
  readonly retryAfter: Date | null;
  readonly durationMs: number;
  /** A sentence, where no answer came. */
  readonly error: string | null;
}

export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly allowsPrivate: boolean;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** Sends requests over connections that are kept for some seconds. */
export interface Poster {
  /** POSTs once, without following redirects. Never rejects. */
  post(request: PostRequest): Promise<Sent>;
  /** Closes the connections that are kept. */
  close(): void;
}

/** @param answerWithinMs from the look-up of the name to the last byte of the answer that is read */
export function createPoster(answerWithinMs = ANSWER_WITHIN_MS): Poster {
  // A connection that one account may make is not lent to one that may not.
  const agents = { open: agentsFor(true), guarded: agentsFor(false) };
  return {
    async post(request) {
      const began = performance.now();
      const limit = AbortSignal.timeout(answerWithinMs);
      const outcome = await send(
        request,
        agents[request.allowsPrivate ? 'open' : 'guarded'],
        AbortSignal.any([request.signal, limit]),
      ).catch((error: Error) => ({
        status: null,
        body: null,
        retryAfter: null,
        error: limit.aborted ? `No answer came within ${answerWithinMs / 1000} s.` : sentenceOf(error),
      }));
      return { ...outcome, durationMs: Math.round(performance.now() - began) };
    },
    close() {
      for (const { http: plain, https: secure } of Object.values(agents)) {
        plain.destroy();
        secure.destroy();
      }
    },
  };
}

function agentsFor(allowsPrivate: boolean) {
  const options = {
    keepAlive: true,
    timeout: 5_000,
    maxFreeSockets: 16,
    ...(!allowsPrivate && { lookup: publicLookup }),
  };
  return { http: new http.Agent(options), https: new https.Agent(options) };
}

type Answered = Omit<Sent, 'durationMs'>;

function send(
  { url, headers, body, allowsPrivate, now }: PostRequest,
  agents: ReturnType<typeof agentsFor>,
  signal: AbortSignal,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const to = new URL(url);
    if (!allowsPrivate) refuseLiteral(to.hostname);
    const secure = to.protocol === 'https:';
    const content = Buffer.from(body);
    const request = (secure ? https : http).request(to, {
      method: 'POST',
      agent: secure ? agents.https : agents.http,
      signal,
      headers: { ...headers, 'user-agent': 'Tessera', 'content-length': content.length },
    });
    request.once('error', reject);
    request.once('response', (answer) => {
      const { statusCode: status = 0 } = answer;
      const retryAfter = readRetryAfter(answer.headers['retry-after'], now);
      readStart(answer).then((text) => resolve({ status, body: text, retryAfter, error: null }), reject);
    });
    request.end(content);
  });
}

/** The beginning of a body as text that PostgreSQL can store. */
async function readStart(answer: http.IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    // Leaving the loop ends the connection.
    if (size >= READ_BYTES) break;
  }
  const text = Buffer.concat(parts).toString('utf8').replaceAll('\0', '').slice(0, KEPT_CHARACTERS);
  // A pair of surrogates may have been cut in two.
  return text.isWellFormed() ? text : text.slice(0, -1).toWellFormed();
}

/** Seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function readRetryAfter(value: string | undefined, now: Date): Date | null {
  if (value === undefined) return null;
  if (/^\d{1,9}$/.test(value)) return new Date(now.getTime() + Number(value) * 1000);
  const at = /^[A-Z][a-z]{2},/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : new Date(at);
}

/** A connection that failed at several addresses says so in several errors. */
function sentenceOf(error: Error): string {
  if (error.name === 'AbortError') return 'The attempt was cut short.';
  if (error instanceof AggregateError && error.errors.length > 0) return sentenceOf(error.errors[0]);
  return error.message.slice(0, 500);
}
