import { pino } from 'pino';
import { createIdentity, type Identity } from '../../src/identity/index.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { ensureParty, writeSetting } from '../../src/store/accounts.ts';
import { openDatabase, type Sql } from '../../src/store/database.ts';
import { EMAIL, TOKEN } from '../zendesk-server.ts';
import type { Place } from './place.ts';

/** How long a ticket stays cleared: short, so that timers fire all the time. */
export const GUARANTEE_MS = 3_000;

const ACCOUNT = 'default';
export const ISSUER = 'onvia';
/** The account's own party, the owner of every ticket. */
export const OWNER = ACCOUNT;
export type PartyKey = typeof ISSUER | typeof OWNER;

/** A bearer token of each side. */
export type Tokens = Readonly<Record<PartyKey, string>>;

/** What else can be shown at the door. */
export interface Credentials {
  readonly client: { readonly id: string; readonly secret: string };
  readonly person: { readonly email: string; readonly password: string };
}

const TOKEN_TTL_MS = 12 * 3_600_000;

/** Prepares the account on the database of a running server, as the commands `party`, `setting` and `token` do. */
export async function prepareAccount(place: Place): Promise<Tokens> {
  return withIdentity(place, async (identity, sql) => {
    await ensureParty(sql, ACCOUNT, { key: ISSUER, name: 'Onvia' });
    await writeSetting(sql, ACCOUNT, 'trouble.guaranteePeriod', `PT${GUARANTEE_MS / 1000}S`);
    const mint = async (party: PartyKey) =>
      done(await identity.mintToken({ account: ACCOUNT, party, ttlMs: TOKEN_TTL_MS })).token;
    return { [ISSUER]: await mint(ISSUER), [OWNER]: await mint(OWNER) };
  });
}

/**
 * Lets a partner tell of work items, and sends exceptions to the Zendesk at the address, or to the own desk.
 * @returns the partner's token
 */
export async function preparePartner(place: Place, zendeskUrl: string | null): Promise<string> {
  return withIdentity(place, async (identity, sql) => {
    const settings = zendeskUrl === null ? {} : { url: zendeskUrl, email: EMAIL, token: TOKEN };
    for (const [name, value] of Object.entries(settings)) {
      await writeSetting(sql, ACCOUNT, `zendesk.${name}`, value);
    }
    const partner = { account: ACCOUNT, persona: 'DirectSupplyPartner', ttlMs: TOKEN_TTL_MS };
    return done(await identity.mintToken(partner)).token;
  });
}

/** Makes a client program and a person, as the commands `client` and `person` do. */
export async function makeCredentials(place: Place): Promise<Credentials> {
  const person = { email: 'drill@example.org', password: 'a drill needs no secret' };
  return withIdentity(place, async (identity) => {
    const { clientId, clientSecret } = done(
      await identity.createClient(ACCOUNT, { name: 'Drill', party: ISSUER }),
    );
    done(await identity.createPerson(ACCOUNT, { ...person, name: 'Drill' }));
    return { client: { id: clientId, secret: clientSecret }, person };
  });
}

async function withIdentity<T>(place: Place, work: (identity: Identity, sql: Sql) => Promise<T>): Promise<T> {
  const url = await place.databaseUrl();
  const sql = openDatabase({ url, connections: 2, name: 'drill' });
  const identity = createIdentity({ sql, url, clock: systemClock, log: pino({ level: 'silent' }) });
  try {
    return await work(identity, sql);
  } finally {
    await identity.close();
    await sql.end();
  }
}

function done<T extends { readonly ok: boolean }>(outcome: T): Extract<T, { readonly ok: true }> {
  if (outcome.ok) return outcome as Extract<T, { readonly ok: true }>;
  throw new Error(`This was refused: ${JSON.stringify(outcome)}`);
}
