import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalid, type Refusal, RefusalError, refuse } from '../kernel/errors.ts';
import { findUnstorable } from '../kernel/text.ts';

/** `application/json` and every type with the suffix `+json`. */
const JSON_TYPES = /^(?:application\/json|[\w.-]+\/[\w.+-]+\+json)\s*(?:;|$)/i;

/**
 * Deeper bodies are refused: what comes after (checks, `JSON.stringify`, PostgreSQL's jsonb) is recursive and would
 * fail at a depth that nobody has chosen.
 */
const DEEPEST = 200;

/** JSON can bring NUL and lone surrogates only as escapes: a text without these needs no walk over its values. */
const SUSPECT_ESCAPE = /\\u(?:0000|d[89a-f])/i;
const UNDERSCORE_ESCAPE = /\\u005f/i;

/** The value of a JSON text (UTF-8), or why it is refused. Duplicate keys: the last one counts, as everywhere. */
export function parseJson(bytes: Buffer): { ok: true; value: unknown } | Refusal {
  if (!isUtf8(bytes)) return refuse('malformedBody', 'The body is not UTF-8.');
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    return refuse('malformedBody', `The body is not valid JSON${placeOf(error)}.`);
  }
  if (isDeep(text, value)) {
    return invalid([{ pointer: '', message: `must not be nested deeper than ${DEEPEST} levels` }]);
  }
  const escaped = text.includes('\\u');
  const bad = escaped && SUSPECT_ESCAPE.test(text) ? findUnstorable(value) : null;
  if (bad !== null) {
    return invalid([{ pointer: bad, message: 'must not contain NUL characters or lone surrogates' }]);
  }
  if (text.includes('__proto__') || (escaped && UNDERSCORE_ESCAPE.test(text))) dropProto(value);
  return { ok: true, value };
}

/** A body that was read. */
export interface ParsedBody {
  readonly ok: true;
  readonly value: unknown;
  /** What a repeated request has in common with the first one, where that is not all of its bytes. */
  readonly meaning?: Buffer;
}

/** Reads bodies of the given media type whole and hands their bytes to `parse`. An empty body is no body. */
export function readBodiesAs(
  app: FastifyInstance,
  mediaType: string | RegExp,
  parse: (bytes: Buffer, contentType: string) => ParsedBody | Refusal | Promise<ParsedBody | Refusal>,
): void {
  app.addContentTypeParser<Buffer>(
    mediaType,
    { parseAs: 'buffer' },
    (request: FastifyRequest, bytes, done) => {
      const encoding = request.headers['content-encoding'];
      if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
        done(new RefusalError(refuse('unsupportedMediaType', 'Compressed bodies are not read.')));
        return;
      }
      request.bodyBytes = bytes.length;
      const isRepeatable = request.headers['idempotency-key'] !== undefined;
      if (isRepeatable || request.routeOptions.config.readsRawBody) request.rawBody = bytes;
      if (bytes.length === 0) {
        done(null, undefined);
        return;
      }
      const finish = (parsed: ParsedBody | Refusal): void => {
        if (parsed.ok && isRepeatable && parsed.meaning) request.rawBody = parsed.meaning;
        if (parsed.ok) done(null, parsed.value);
        else done(new RefusalError(parsed));
      };
      const parsed = parse(bytes, request.headers['content-type'] ?? '');
      // JSON is parsed at once and does not wait for a turn.
      if (parsed instanceof Promise) parsed.then(finish, done);
      else finish(parsed);
    },
  );
}

/** JSON is all that the hall reads by itself; a contract may ask for forms. */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  readBodiesAs(app, JSON_TYPES, parseJson);
}

/** V8 names the place in its message; the rest of that message repeats the body and changes between versions. */
function placeOf(error: unknown): string {
  const match = error instanceof Error ? /\(line (\d+) column (\d+)\)/.exec(error.message) : null;
  return match ? ` at line ${match[1]}, column ${match[2]}` : '';
}

/** Measured level by level, without recursion; a text with few brackets cannot be deep and is not walked. */
function isDeep(text: string, value: unknown): boolean {
  if (!hasManyBrackets(text)) return false;
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((item) => (isContainer(item) ? Object.values(item).filter(isContainer) : []));
  }
  return false;
}

function hasManyBrackets(text: string): boolean {
  let count = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      count += 1;
      if (count > DEEPEST) return true;
    }
  }
  return false;
}

/** `JSON.parse` makes an own property of `__proto__`, which a later `Object.assign` would turn into a prototype. */
function dropProto(value: unknown): void {
  const open = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!isContainer(next)) continue;
    if (Object.hasOwn(next, '__proto__')) Reflect.deleteProperty(next, '__proto__');
    open.push(...Object.values(next).filter(isContainer));
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
