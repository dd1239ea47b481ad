import { type CryptoKey, importJWK, type JWK } from 'jose';
import type { Clock } from '../kernel/clock.ts';
import type { Sql } from '../store/database.ts';
import { ALGORITHM } from './claims.ts';
import { listSigningKeys, rotateKeys, type SigningKey } from './signing-keys.ts';

/** The keys as one node knows them at one moment. */
export interface Keys {
  /** Private keys, the oldest first, to be published without their private parts. */
  readonly jwks: readonly JWK[];
  /** The key that signs now. */
  readonly signingKid: string;
  readonly signingKey: CryptoKey;
  readonly byKid: ReadonlyMap<string, CryptoKey>;
  /** Changes with the keys and with the one that signs. */
  readonly version: string;
}

export interface Keyring {
  /** The present keys, at most a minute old; makes the first key, and the next one when it is due. */
  current(): Promise<Keys>;
  /** The key that verifies a token. An unknown one may be another node's new key, so the database is asked. */
  verifying(kid: string): Promise<CryptoKey | null>;
  /** The keys as the database has them at this moment. */
  refresh(): Promise<Keys>;
  /** Makes the next key now: it is published at once and signs from five minutes later. */
  rotate(): Promise<void>;
}

export interface KeyringOptions {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly rotateAfterMs: number;
}

const FRESH_MS = 60_000;

/** Tokens with invented key ids cost one query in this time, not one each. */
const ASK_AGAIN_MS = 1000;

export function createKeyring({ sql, clock, rotateAfterMs }: KeyringOptions): Keyring {
  let rows: readonly SigningKey[] = [];
  let keys: Keys | null = null;
  let loadedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<Keys> | null = null;

  const nowMs = () => clock.now().getTime();

  async function load(newKeyAfterMs: number): Promise<Keys> {
    const now = clock.now();
    let found = await listSigningKeys(sql);
    const newest = found.at(-1);
    if (newest === undefined || now.getTime() - newest.createdAt.getTime() >= newKeyAfterMs) {
      found = await rotateKeys(sql, { now, olderThanMs: newKeyAfterMs });
    }
    keys = await toKeys(found, now, keys);
    rows = found;
    loadedAt = now.getTime();
    return keys;
  }

  function reload(): Promise<Keys> {
    loading ??= load(rotateAfterMs).finally(() => {
      loading = null;
    });
    return loading;
  }

  /** Between two loads the key that signs may change, since a key starts to sign at a known moment. */
  async function current(): Promise<Keys> {
    if (keys === null || nowMs() - loadedAt >= FRESH_MS) return reload();
    if (signingRow(rows, clock.now())?.kid !== keys.signingKid) keys = await toKeys(rows, clock.now(), keys);
    return keys;
  }

  return {
    current,
    async verifying(kid) {
      const known = (await current()).byKid.get(kid);
      if (known !== undefined) return known;
      if (nowMs() - loadedAt < ASK_AGAIN_MS) return null;
      return (await reload()).byKid.get(kid) ?? null;
    },
    refresh: reload,
    async rotate() {
      await loading?.catch(() => {});
      await load(0);
    },
  };
}

function signingRow(rows: readonly SigningKey[], now: Date): SigningKey | undefined {
  return rows.findLast(({ signsFrom }) => signsFrom <= now) ?? rows[0];
}

async function toKeys(rows: readonly SigningKey[], now: Date, before: Keys | null): Promise<Keys> {
  const byKid = new Map<string, CryptoKey>();
  for (const { kid, privateJwk } of rows) {
    byKid.set(kid, before?.byKid.get(kid) ?? (await importPublic(privateJwk)));
  }
  const signing = signingRow(rows, now);
  if (signing === undefined) throw new Error('The database holds no signing key.');
  return {
    jwks: rows.map(({ privateJwk }) => privateJwk),
    signingKid: signing.kid,
    signingKey: await importKey(signing.privateJwk),
    byKid,
    version: [signing.kid, ...byKid.keys()].join(' '),
  };
}

function importPublic({ d: _private, ...jwk }: JWK): Promise<CryptoKey> {
  return importKey(jwk);
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, ALGORITHM);
  if (key instanceof Uint8Array) throw new Error('A signing key is symmetric.');
  return key;
}
