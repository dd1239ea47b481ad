import { pino } from 'pino';
import packageFile from '../package.json' with { type: 'json' };
import { createIdentity } from '../src/identity/index.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { ensureAccount, ensureParty } from '../src/store/accounts.ts';
import { openDatabase, type Sql } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import type { Endings } from '../test/endings.ts';
import type { Cluster } from './cluster.ts';
import { ISSUER } from './sample.ts';
import { type Server, startServer } from './server.ts';

export const ACCOUNT = 'default';

/** A database of the product: migrated, with one account and the party that opens tickets upon it. */
export interface ProductDatabase {
  readonly url: string;
  readonly sql: Sql;
  /** A token of the issuing party. */
  readonly partyToken: string;
  /** A token of the account's own staff, who see every ticket. */
  readonly staffToken: string;
  /** A token of a partner who sees to exceptions. */
  readonly partnerToken: string;
  /** Tokens of the issuing party, each for another person. */
  mintTokens(count: number): Promise<string[]>;
  /** An API key of the account. */
  makeApiKey(): Promise<string>;
  /** The id of an employee who takes tickets as an operator. */
  makeOperator(): Promise<string>;
}

const log = pino({ level: 'warn' }, pino.destination(2));

export async function makeProductDatabase(
  endings: Endings,
  cluster: Cluster,
  name: string,
): Promise<ProductDatabase> {
  const url = await cluster.makeDatabase(name);
  await migrate(url, log);
  const sql = openDatabase({ url, connections: 4, name: 'bench' });
  endings.add(() => sql.end());
  await ensureAccount(sql, { key: ACCOUNT, name: 'Bench', ticketPrefix: 'RED', timeZone: 'UTC' });
  await ensureParty(sql, ACCOUNT, { key: ISSUER, name: 'Onivia' });
  const identity = createIdentity({ sql, url, clock: systemClock, log });
  endings.add(() => identity.close());
  async function mint(
    sub: string,
    party: string | undefined,
    permissions: string[],
    persona?: string,
  ): Promise<string> {
    const wish = { account: ACCOUNT, sub, party, permissions, persona, ttlMs: 86_400_000 };
    const minted = await identity.mintToken(wish);
    if (!minted.ok) throw new Error(`No token was given out: ${minted.message}`);
    return minted.token;
  }
  return {
    url,
    sql,
    partyToken: await mint('bench-party', ISSUER, []),
    staffToken: await mint('bench-staff', undefined, ['admin']),
    partnerToken: await mint('bench-partner', undefined, [], 'DirectSupplyPartner'),
    async mintTokens(count) {
      const tokens: string[] = [];
      for (let index = 0; index < count; index += 1) tokens.push(await mint(`bench-${index}`, ISSUER, []));
      return tokens;
    },
    async makeApiKey() {
      const made = await identity.createApiKey(ACCOUNT, { name: 'Bench', permissions: [] });
      if (!made.ok) throw new Error(`No API key was given out: ${made.message}`);
      return made.key;
    },
    async makeOperator() {
      const person = { email: 'bench@example.com', name: 'Olga Brandt', isOperator: true };
      const made = await identity.createPerson(ACCOUNT, person);
      if (!made.ok) throw new Error(`No operator was made: ${made.message}`);
      return made.id;
    },
  };
}

export interface ProductOptions {
  readonly name: string;
  readonly database: ProductDatabase;
  /** `api` leaves out timers and readers of the log. */
  readonly role?: 'api' | 'all';
  readonly nodeOptions?: readonly string[];
}

/** What `npm start` hands to Node. */
const START = packageFile.scripts.start.split(' ').slice(1);

/** Starts the product as its users do. */
export function startProduct(
  endings: Endings,
  { name, database, role = 'all', nodeOptions = [] }: ProductOptions,
): Promise<Server> {
  return startServer(endings, {
    name,
    command: [...START, '--role', role],
    databaseUrl: database.url,
    nodeOptions,
  });
}

/** The headers of a request with a credential. */
export function withToken(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}
