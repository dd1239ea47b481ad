import { ALL_PERMISSIONS } from '../kernel/actor.ts';
import { ensureAccount } from '../store/accounts.ts';
import { inTransaction } from '../store/database.ts';
import { createPerson, type PeopleOptions } from './people.ts';

const DEFAULT_ACCOUNT = 'default';
const ADMINISTRATOR = 'admin@tessera.local';

/** Serialises first starts of several nodes; any number that nothing else in the database locks. */
const FIRST_START_LOCK = 7_311_204_816;

/** Makes the account that every command means when it names none. Nothing changes where it is there. */
export async function ensureDefaultAccount({ sql }: Pick<PeopleOptions, 'sql'>): Promise<void> {
  await ensureAccount(sql, {
    key: DEFAULT_ACCOUNT,
    name: 'Default',
    ticketPrefix: 'RED',
    timeZone: 'UTC',
  });
}

/**
 * Makes the default account and its first administrator, where the account has no person at all.
 * @returns how to sign in, to be shown once; null where there was somebody already
 */
export async function ensureAdministrator(
  options: PeopleOptions,
  now: Date,
): Promise<{ readonly account: string; readonly email: string; readonly password: string } | null> {
  const { sql } = options;
  await ensureDefaultAccount(options);
  const hasPeople = async () => {
    const rows = await sql`select id from tessera.person where account = ${DEFAULT_ACCOUNT} limit 1`;
    return rows.length > 0;
  };
  if (await hasPeople()) return null;
  return inTransaction(sql, async (tx) => {
    await tx`select pg_advisory_xact_lock(${FIRST_START_LOCK})`;
    if (await hasPeople()) return null;
    const made = await createPerson(
      options,
      DEFAULT_ACCOUNT,
      { email: ADMINISTRATOR, name: 'Administrator', permissions: [ALL_PERMISSIONS] },
      now,
    );
    if (!made.ok) throw new Error(`The first administrator could not be made: ${made.message}`);
    if (made.password === null) return null;
    return { account: DEFAULT_ACCOUNT, email: ADMINISTRATOR, password: made.password };
  });
}
