import type { FastifyInstance, InjectOptions } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll } from 'vitest';
import type { Collection } from '../src/core/collection.ts';
import type { Kind } from '../src/core/kind.ts';
import { registerCollections } from '../src/core/register-collections.ts';
import type { Contract } from '../src/http/contract.ts';
import { createServer } from '../src/http/server.ts';
import type { Actor } from '../src/kernel/actor.ts';
import { type Clock, systemClock } from '../src/kernel/clock.ts';
import { refuse } from '../src/kernel/errors.ts';
import { ensureAccount, ensureParty } from '../src/store/accounts.ts';
import { openStore, type Store } from '../src/store/store.ts';
import { useDatabase } from './database.ts';

/** An answer with its body read as JSON where it is JSON. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly body: any;
}

/** Sends requests with one credential. */
export interface TestClient {
  (method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<TestAnswer>;
  readonly actor: Actor;
}

export interface TestServer {
  readonly app: FastifyInstance;
  readonly store: Store;
  /** A client of the account `default`, or of another. */
  as(actor: Partial<Omit<Actor, 'permissions'>> & { permissions?: readonly string[] }): TestClient;
}

export interface TestServerOptions {
  readonly kinds: readonly Kind[];
  /** The reference data of the kinds. */
  readonly collections?: readonly Collection[];
  readonly contracts: (store: Store) => Contract[] | Promise<Contract[]>;
  readonly clock?: Clock;
  /** Parties of the account `default`, beside its own. */
  readonly parties?: readonly string[];
}

/**
 * A server over a database of the test file's own, with the accounts `default` and `other`. A credential is the token
 * that `as` hands out; who it stands for is what the test says.
 */
export function useServer(options: TestServerOptions): TestServer {
  const database = useDatabase();
  const actors = new Map<string, Actor>();
  let app: FastifyInstance | null = null;
  let store: Store | null = null;

  beforeAll(async () => {
    const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' });
    const kinds = new Map(options.kinds.map((kind) => [kind.name, kind]));
    const collections = registerCollections(options.collections ?? []);
    store = openStore({ url: database.url, clock: options.clock ?? systemClock, kinds, collections, log });
    for (const key of ['default', 'other']) {
      await ensureAccount(store.sql, { key, name: key, ticketPrefix: 'RED', timeZone: 'UTC' });
      for (const party of options.parties ?? [])
        await ensureParty(store.sql, key, { key: party, name: party });
    }
    app = await createServer({
      contracts: await options.contracts(store),
      authenticate: async ({ authorization, apiKeyHeader }) =>
        actors.get(authorization ?? apiKeyHeader ?? '') ?? refuse('unauthenticated'),
      readiness: async () => ({ ok: true, checks: {} }),
      log,
    });
  });
  afterAll(async () => {
    await app?.close();
    await store?.close();
  });

  return {
    get app() {
      if (!app) throw new Error('The server runs from beforeAll on');
      return app;
    },
    get store() {
      if (!store) throw new Error('The store is open from beforeAll on');
      return store;
    },
    as({ permissions = [], ...given }) {
      const id = given.id ?? `tester-${actors.size + 1}`;
      const actor: Actor = {
        account: 'default',
        name: id,
        type: 'person',
        party: null,
        persona: null,
        ...given,
        id,
        permissions: new Set(permissions),
      };
      const token = `Bearer ${actor.account}.${id}`;
      actors.set(token, actor);
      const send = (method: string, url: string, body?: unknown, headers: Record<string, string> = {}) =>
        request(this.app, method, url, body, { authorization: token, ...headers });
      return Object.assign(send, { actor });
    },
  };
}

async function request(
  app: FastifyInstance,
  method: string,
  url: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<TestAnswer> {
  const answer = await app.inject({
    method: method as NonNullable<InjectOptions['method']>,
    url,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const isJson = String(answer.headers['content-type'] ?? '').includes('json');
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.body,
    body: isJson ? JSON.parse(answer.body) : null,
  };
}
