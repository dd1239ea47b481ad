/** What an OpenAPI document says of an answer. */
interface Response {
  description?: string;
  headers?: object;
}

/** What the plugin writes where a schema has no description. */
const NOTHING_SAID = 'Default Response';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'The answer.',
  201: 'What was made.',
  202: 'It was taken in.',
  204: 'It was done; there is nothing to send.',
};

/** The headers of answers, as components of a document. */
export const successHeaders = {
  ETag: {
    description: 'The version of what is shown, for `If-Match`, where it has one.',
    schema: { type: 'string' as const },
  },
  Location: {
    description: 'The path of what was made, where it has one.',
    schema: { type: 'string' as const },
  },
  IdempotencyReplayed: {
    description: 'The first answer to this `Idempotency-Key`, sent again.',
    schema: { type: 'string' as const, const: 'true' },
  },
};

type HeaderName = keyof typeof successHeaders;

/** Adds to an operation's successful answers what holds for all operations of its sort. */
export function describeSuccesses(
  path: string,
  method: string,
  responses: Readonly<Record<string, Response>>,
): void {
  const isWrite = method !== 'get';
  for (const [status, response] of Object.entries(responses)) {
    if (!status.startsWith('2')) continue;
    const described = DESCRIPTIONS[status];
    if (described && response.description === NOTHING_SAID) response.description = described;
    // A path that ends with a parameter names one thing; a list has no version.
    const hasVersion = status !== '204' && (isWrite || path.endsWith('}'));
    const headers = {
      ...(hasVersion && { ETag: header('ETag') }),
      ...(status === '201' && { Location: header('Location') }),
      ...(isWrite && { 'Idempotency-Replayed': header('IdempotencyReplayed') }),
      ...response.headers,
    };
    if (Object.keys(headers).length > 0) response.headers = headers;
  }
}

function header(name: HeaderName) {
  return { $ref: `#/components/headers/${name}` };
}
