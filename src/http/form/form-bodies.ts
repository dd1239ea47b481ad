import type { FastifyInstance } from 'fastify';
import { invalid, type Refusal } from '../../kernel/errors.ts';
import { findUnstorable } from '../../kernel/text.ts';
import { type ParsedBody, readBodiesAs } from '../body.ts';
import { expandNames } from './bracket-names.ts';
import type { Fields } from './field.ts';
import { parseMultipart } from './multipart.ts';
import { parseUrlencoded } from './urlencoded.ts';

const URLENCODED = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;
const MULTIPART = /^multipart\/form-data\s*(?:;|$)/i;

/** Lets a scope read forms as well as JSON: the handler sees one object, whichever it was. */
export function readFormBodies(app: FastifyInstance): void {
  readBodiesAs(app, URLENCODED, (bytes) => toBody(parseUrlencoded(bytes)));
  readBodiesAs(app, MULTIPART, async (bytes, contentType) => {
    const parsed = await parseMultipart(bytes, contentType);
    const body = toBody(parsed);
    // A repeated request has another boundary: it is the same one where its fields are.
    return body.ok && parsed.ok ? { ...body, meaning: Buffer.from(JSON.stringify(parsed.fields)) } : body;
  });
}

function toBody(parsed: Fields | Refusal): ParsedBody | Refusal {
  if (!parsed.ok) return parsed;
  const expanded = expandNames(parsed.fields);
  if (!expanded.ok) return expanded;
  const bad = findUnstorable(expanded.value);
  if (bad === null) return expanded;
  return invalid([{ pointer: bad, message: 'must not contain NUL characters or lone surrogates' }]);
}
