import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Logger } from 'pino';
import type { Actor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import { listAccounts } from '../store/accounts.ts';
import type { Sql } from '../store/database.ts';
import { type Issuer, listIssuers } from './issuers.ts';
import { mapClaims } from './map-claims.ts';

/** Unverified parts of a token, good only to find who might have signed it. */
export interface TokenHint {
  readonly iss: string;
  readonly audiences: readonly string[];
  readonly account: string | null;
}

export type ForeignAnswer =
  | { readonly ok: true; readonly actor: Actor; readonly until: number }
  | { readonly ok: false; readonly expired: boolean };

export interface TrustedIssuers {
  verify(token: string, hint: TokenHint): Promise<ForeignAnswer>;
}

interface Trusted {
  readonly account: string;
  readonly issuer: Issuer;
  readonly getKey: JWTVerifyGetKey;
}

const FRESH_MS = 30_000;

/** A verified token counts no longer than this after the list of issuers was read. */
const TRUST_MS = 60_000;

const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

const NO = { ok: false, expired: false } as const;

/**
 * The foreign issuers of all accounts, as one node knows them. A foreign token names its issuer, not our account, so the
 * node reads the issuers account by account (no statement crosses accounts) and looks for `iss` and `aud` among them.
 * The account is the one whose row is found. Where several accounts trust the same issuer with the same audience, the
 * token's `Account` claim has to choose among them.
 */
export function createTrustedIssuers({
  sql,
  clock,
  log,
}: {
  sql: Sql;
  clock: Clock;
  log: Logger;
}): TrustedIssuers {
  let trusted: readonly Trusted[] = [];
  let loadedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | null = null;

  async function load(): Promise<void> {
    const startedAt = clock.now().getTime();
    const before = new Map(trusted.map((one) => [fingerprint(one.account, one.issuer), one]));
    const found: Trusted[] = [];
    for (const account of await listAccounts(sql)) {
      for (const issuer of await listIssuers(sql, account)) {
        // A row that did not change keeps its fetched keys and its cool-down.
        found.push(before.get(fingerprint(account, issuer)) ?? { account, issuer, getKey: keysOf(issuer) });
      }
    }
    trusted = found;
    loadedAt = startedAt;
  }

  async function refresh(): Promise<void> {
    if (clock.now().getTime() - loadedAt < FRESH_MS) return;
    loading ??= load().finally(() => {
      loading = null;
    });
    await loading;
  }

  return {
    async verify(token, { iss, audiences, account }) {
      await refresh();
      const matching = trusted.filter(
        ({ issuer }) => issuer.issuer === iss && audiences.includes(issuer.audience),
      );
      const candidates =
        matching.length > 1 ? matching.filter((candidate) => candidate.account === account) : matching;
      const [chosen, ...others] = candidates;
      if (chosen === undefined || others.length > 0) return NO;
      return verifyBy(chosen, token, clock.now(), loadedAt + TRUST_MS, log);
    },
  };
}

async function verifyBy(
  { account, issuer, getKey }: Trusted,
  token: string,
  now: Date,
  trustedUntil: number,
  log: Logger,
): Promise<ForeignAnswer> {
  try {
    const { payload } = await jwtVerify(token, getKey, {
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms: ALGORITHMS,
      currentDate: now,
      clockTolerance: 10,
      requiredClaims: ['exp'],
    });
    const actor = mapClaims(account, issuer, payload);
    if (actor === null) {
      log.info({ account, issuer: issuer.name }, 'a token of a trusted issuer lacks a mapped claim');
      return NO;
    }
    return { ok: true, actor, until: Math.min(trustedUntil, (payload.exp ?? 0) * 1000) };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { ok: false, expired: true };
    // Keys that cannot be fetched are a fault of the set-up, and the caller learns no more than from a wrong token.
    if (!(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout) {
      log.warn({ err: error, account, issuer: issuer.name }, 'the keys of a trusted issuer cannot be read');
    }
    return NO;
  }
}

function keysOf({ jwksUrl, jwks }: Issuer): JWTVerifyGetKey {
  if (jwksUrl !== null) {
    return createRemoteJWKSet(new URL(jwksUrl), {
      timeoutDuration: 5000,
      cooldownDuration: 30_000,
      cacheMaxAge: 600_000,
    });
  }
  return createLocalJWKSet(jwks ?? { keys: [] });
}

function fingerprint(account: string, issuer: Issuer): string {
  return JSON.stringify([account, issuer]);
}
