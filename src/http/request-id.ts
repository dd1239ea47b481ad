import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const SANE = /^[\w.-]{1,128}$/;

/** Names requests: by their `X-Request-Id` where that is harmless in a log, else by a name unique among processes. */
export function requestIdMaker(): (request: Pick<IncomingMessage, 'headers'>) => string {
  const process = randomBytes(6).toString('base64url');
  let count = 0;
  return ({ headers }) => {
    const given = headers['x-request-id'];
    if (typeof given === 'string' && SANE.test(given)) return given;
    count += 1;
    return `${process}.${count.toString(36)}`;
  };
}
