import type { Logger } from 'pino';
import type { Actor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import { invalid, type Refusal } from '../kernel/errors.ts';
import type { Sql } from '../store/database.ts';
import { openLibraryPool } from '../store/library-pool.ts';
import { ensureAdministrator, ensureDefaultAccount } from './administrator.ts';
import {
  type ApiKeyInput,
  createApiKey,
  listApiKeys,
  noteApiKeyUse,
  revokeApiKey,
  verifyApiKey,
} from './api-keys.ts';
import { createAuthenticator } from './authenticator.ts';
import { type ClientInput, createClient, listClients, revokeClient } from './clients.ts';
import { addIssuer, type IssuerInput, listIssuers, removeIssuer } from './issuers.ts';
import { createKeyring } from './keyring.ts';
import { librarySecret } from './library-secret.ts';
import { type MintTokenInput, mintToken } from './mint-token.ts';
import { once } from './once.ts';
import { createPerson, disablePerson, listPeople, type PersonInput, setPassword } from './people.ts';
import { type App, registerOAuth, registerPeople } from './routes.ts';
import { verifySession } from './session.ts';
import type { HttpCallback } from './token-paths.ts';
import { createTrustedIssuers } from './trusted-issuers.ts';
import { createTokenVerifier, type Verified } from './verify-token.ts';

export type { ApiKeyInput } from './api-keys.ts';
export type { ClientInput } from './clients.ts';
export type { IssuerInput } from './issuers.ts';
export type { MintTokenInput } from './mint-token.ts';
export type { PersonInput } from './people.ts';

/**
 * `iss` of our tokens. It is a name, not an address: a token minted beside the server, or asked for under another host
 * name, is accepted all the same. Set the public URL as the issuer where partners verify tokens by discovery.
 */
const DEFAULT_ISSUER = 'https://tessera.local';

const DAY_MS = 86_400_000;

export interface IdentityOptions {
  readonly sql: Sql;
  /** The same database, for the pool of the library that keeps people's passwords and sessions. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Where browsers and clients reach the server; null or absent for whatever address they used. */
  readonly publicUrl?: string | null | undefined;
  /** An http or https URL, DEFAULT_ISSUER when absent. Changing it makes all tokens invalid. */
  readonly issuer?: string | undefined;
  /** How long a signing key is used, 90 days when absent. */
  readonly rotateKeysAfterMs?: number | undefined;
}

export type Identity = ReturnType<typeof createIdentity>;

/**
 * Who is calling, and what they may: client programs, API keys, foreign issuers and people, over one database. Nothing is
 * read or connected before it is first needed; the two large libraries are loaded only by what needs them.
 */
export function createIdentity(options: IdentityOptions) {
  const { sql, url, clock, publicUrl = null, issuer = DEFAULT_ISSUER } = options;
  const log = options.log.child({ module: 'identity' });
  const keyring = createKeyring({ sql, clock, rotateAfterMs: options.rotateKeysAfterMs ?? 90 * DAY_MS });
  const secret = once(() => librarySecret(sql));
  const background = new Set<Promise<void>>();
  let pool: ReturnType<typeof openLibraryPool> | null = null;

  const library = once(async () => {
    const { createPeopleLibrary } = await import('./people-library.ts');
    const secure = publicUrl?.startsWith('https:') ?? false;
    pool ??= openLibraryPool({
      url,
      schema: 'auth',
      onLost: (error) => log.warn({ err: error }, 'the database ended a connection'),
    });
    return createPeopleLibrary({ pool, secret: await secret(), log, publicUrl, secure });
  });

  const tokenEndpoint = once(async () => {
    const { createTokenEndpoint } = await import('./token-endpoint.ts');
    return createTokenEndpoint({ sql, log, keyring, issuer, publicUrl, secret: await secret() });
  });
  const callback: HttpCallback = async (request, response) => (await tokenEndpoint())(request, response);

  async function key(text: string): Promise<Verified | Refusal> {
    const now = clock.now();
    const answer = await verifyApiKey(sql, text, now);
    if (answer.ok) noteUse(answer.actor, now);
    return answer;
  }

  function noteUse({ account, id }: Actor, now: Date): void {
    const noted = noteApiKeyUse(sql, account, id, now)
      .catch((error: unknown) => log.warn({ err: error }, 'the use of an API key was not noted'))
      .finally(() => background.delete(noted));
    background.add(noted);
  }

  const token = createTokenVerifier({
    sql,
    clock,
    keyring,
    issuer,
    trustedIssuers: createTrustedIssuers({ sql, clock, log }),
  });
  const session = async (cookie: string) => verifySession(sql, await library(), cookie);
  const authenticator = createAuthenticator({ clock, verifiers: { token, key, session } });

  /** What was revoked on this node stops on this node at once. */
  async function forgetting<T>(work: Promise<T>): Promise<T> {
    const done = await work;
    authenticator.forgetAll();
    return done;
  }

  const people = { sql, library };
  const now = () => clock.now();
  return {
    authenticate: authenticator.authenticate,

    /** Serves `/oauth2/token`, the key set, discovery, and sign-in at `/api/auth`. */
    registerRoutes(app: App): void {
      registerOAuth(app, callback);
      registerPeople(app, library, (cookie) => {
        if (cookie !== undefined) authenticator.forgetSession(cookie);
      });
    },

    /** Loads what the first requests need, so that none of them waits for it. */
    async warmUp(): Promise<void> {
      await Promise.all([keyring.current(), tokenEndpoint(), library()]);
    },

    mintToken: (input: MintTokenInput) => mintToken({ sql, clock, keyring, issuer }, input),
    rotateKeys: () => keyring.rotate(),

    createClient: (account: string, input: ClientInput) => createClient(sql, account, input, now()),
    listClients: (account: string) => listClients(sql, account),
    revokeClient: (account: string, id: string) => forgetting(revokeClient(sql, account, id, now())),

    createApiKey: (account: string, input: ApiKeyInput) => createApiKey(sql, account, input, now()),
    listApiKeys: (account: string) => listApiKeys(sql, account),
    revokeApiKey: (account: string, id: string) => forgetting(revokeApiKey(sql, account, id, now())),

    async addIssuer(account: string, input: IssuerInput) {
      if (input.issuer === issuer) return invalid([{ pointer: '/issuer', message: 'is this server itself' }]);
      return addIssuer(sql, account, input, now());
    },
    listIssuers: (account: string) => listIssuers(sql, account),
    removeIssuer: (account: string, name: string) => forgetting(removeIssuer(sql, account, name)),

    createPerson: (account: string, input: PersonInput) => createPerson(people, account, input, now()),
    listPeople: (account: string) => listPeople(sql, account),
    disablePerson: (account: string, id: string) => forgetting(disablePerson(sql, account, id, now())),
    setPassword: (account: string, email: string, password: string) =>
      forgetting(setPassword(people, account, email, password)),

    ensureDefaultAccount: () => ensureDefaultAccount(people),
    ensureAdministrator: () => ensureAdministrator(people, now()),

    /** Ends the library's connections, after what runs in the background. `sql` stays open. */
    async close(): Promise<void> {
      await Promise.allSettled(background);
      const ending = pool;
      pool = null;
      await ending?.end();
    },
  };
}
