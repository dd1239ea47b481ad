import { setTimeout as wait } from 'node:timers/promises';
import { ISSUER, makeCredentials, type Tokens } from './cast.ts';
import type { Stage } from './drill.ts';
import { ANSWER_WITHIN_MS, type Exchange, exchange } from './exchange.ts';
import type { Place } from './place.ts';

/** An address may try only so many passwords a minute. */
const SIGN_IN = '/api/auth/sign-in/email';
const SIGN_IN_EVERY_MS = 3_100;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_BODY = { 'content-type': 'application/json' };

/** Requests beside the load that need the database, each in its own way. */
export interface Probes {
  /** Ends them, and gives what was wrong with their answers. */
  stop(): Promise<string[]>;
}

/** Reads, asks for tokens and signs in, over and over: each is answered as usual, or with 503 and `Retry-After`. */
export async function startProbes(stage: Stage, place: Place, url: string, tokens: Tokens): Promise<Probes> {
  const requests = await makeRequests(place, tokens);
  const faults = new Set<string>();
  let stopping = false;

  async function repeat({ url: path, ...request }: Exchange): Promise<void> {
    while (!stopping) {
      const outcome = await exchange({ url: url + path, ...request });
      const what = `${request.method} ${path}`;
      if (outcome.type === 'silent') faults.add(`${what} had no answer within ${ANSWER_WITHIN_MS} ms`);
      else if (outcome.type === 'lost') faults.add(`${what}: the connection was lost (${outcome.reason})`);
      else if (outcome.status === 503) {
        if (!outcome.headers.has('retry-after')) faults.add(`${what}: a 503 came without Retry-After`);
      } else if (outcome.status !== 200 && !(outcome.status === 429 && path === SIGN_IN))
        faults.add(`${what} was answered with ${outcome.status}: ${outcome.text}`);
      await wait(path === SIGN_IN ? SIGN_IN_EVERY_MS : 100);
    }
  }
  const running = Promise.all(requests.map(repeat));
  const stop = async () => {
    stopping = true;
    await running;
    return [...faults];
  };
  stage.endings.add(stop);
  return { stop };
}

async function makeRequests(place: Place, tokens: Tokens): Promise<Exchange[]> {
  const { client, person } = await makeCredentials(place);
  const grant = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.id,
    client_secret: client.secret,
  });
  const headers = { authorization: `Bearer ${tokens[ISSUER]}` };
  return [
    { url: '/troubleTicket?limit=5', method: 'GET', headers },
    { url: '/api/v1/tickets?limit=5&q=service', method: 'GET', headers },
    { url: '/api/v1/events?limit=5', method: 'GET', headers },
    { url: '/oauth2/token', method: 'POST', headers: FORM, body: grant.toString() },
    {
      url: SIGN_IN,
      method: 'POST',
      headers: JSON_BODY,
      body: JSON.stringify(person),
    },
  ];
}
