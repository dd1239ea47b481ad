import { type FieldError, invalid, type Refusal, refuse } from '../kernel/errors.ts';
import { isUuid, newId, newSecret } from '../kernel/id.ts';
import { findAccount, findParty } from '../store/accounts.ts';
import type { Sql } from '../store/database.ts';
import { isUniqueViolation } from '../store/failure.ts';
import { noteOperators } from '../store/operators.ts';
import { checkGrant, type Grant, type GrantInput } from './grant.ts';
import { ensureMember, ensureOrganisation } from './organisations.ts';
import type { PeopleLibrary } from './people-library.ts';

export interface PersonInput extends GrantInput {
  readonly email: string;
  /** 8 to 128 characters; a random one when absent. Not given for somebody who signs in already. */
  readonly password?: string | undefined;
  /** May be assigned tickets as an operator. */
  readonly isOperator?: boolean | undefined;
}

export interface Person extends Grant {
  readonly id: string;
  readonly email: string;
  readonly isOperator: boolean;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

export interface PeopleOptions {
  readonly sql: Sql;
  readonly library: () => Promise<PeopleLibrary>;
}

/** What better-auth takes at sign-in, in lower case: anything else could be made but never used. */
const EMAIL = /^[a-z0-9_+'-]+(?:\.[a-z0-9_+'-]+)*(?<!')@(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,}$/;

/**
 * Makes a person who can sign in. Somebody who has a password already, as a person of another account, keeps it and may
 * choose between the accounts.
 * @returns the person's UUID, and the password where a random one was made
 */
export async function createPerson(
  { sql, library }: PeopleOptions,
  account: string,
  input: PersonInput,
  now: Date,
): Promise<{ readonly ok: true; readonly id: string; readonly password: string | null } | Refusal> {
  const email = input.email.trim().toLowerCase();
  const faults = personFaults(email, input.password);
  if (faults.length > 0) return invalid(faults);
  const grant = await checkGrant(sql, account, input);
  if (!grant.ok) return grant;
  if (await isTaken(sql, account, email)) return duplicate(email);

  const lib = await library();
  const user = await ensureUser(lib, email, grant.name, input.password);
  if (user === null) {
    const message = 'has a password already, as a person of another account; leave the password out';
    return invalid([{ pointer: '/password', message: `${email} ${message}` }]);
  }
  const organisation = await ensureOrganisation(lib, await organisationOf(sql, account, grant.party), now);
  await ensureMember(lib, organisation, user.id, now);
  const id = newId(now);
  try {
    await sql`
      with made as (
        insert into tessera.person
          (account, id, email, name, is_operator, permissions, party, persona, auth_user, created_at)
        values (${account}, ${id}, ${email}, ${grant.name}, ${input.isOperator ?? false},
          ${grant.permissions}, ${grant.party}, ${grant.persona}, ${user.id}, ${now})
        returning id
      )
      ${noteOperators(sql, account, 'made')}`;
  } catch (error) {
    if (isUniqueViolation(error)) return duplicate(email);
    throw error;
  }
  return { ok: true, id, password: user.madePassword };
}

export async function listPeople(sql: Sql, account: string): Promise<Person[]> {
  return sql<Person[]>`
    select id, email, name, is_operator as "isOperator", permissions, party, persona,
      created_at as "createdAt", disabled_at as "disabledAt"
    from tessera.person where account = ${account} order by id`;
}

/** The person's sessions and tokens stop within a minute. False where there is no such person, or it was done before. */
export async function disablePerson(sql: Sql, account: string, id: string, now: Date): Promise<boolean> {
  if (!isUuid(id)) return false;
  const rows = await sql`
    with disabled as (
      update tessera.person set disabled_at = ${now}
      where account = ${account} and id = ${id} and disabled_at is null returning id
    )
    ${noteOperators(sql, account, 'disabled')}
    returning account`;
  return rows.length > 0;
}

/** Gives a person another password and ends all sessions. False where the account has no such person. */
export async function setPassword(
  { sql, library }: PeopleOptions,
  account: string,
  email: string,
  password: string,
): Promise<{ readonly ok: true; readonly found: boolean } | Refusal> {
  const address = email.trim().toLowerCase();
  const faults = personFaults(address, password);
  if (faults.length > 0) return invalid(faults);
  const [person] = await sql<{ authUser: string }[]>`
    select auth_user as "authUser" from tessera.person where account = ${account} and email = ${address}`;
  if (person === undefined) return { ok: true, found: false };
  const { internalAdapter, password: passwords } = await (await library()).$context;
  await internalAdapter.updatePassword(person.authUser, await passwords.hash(password));
  await internalAdapter.deleteUserSessions(person.authUser);
  return { ok: true, found: true };
}

function personFaults(email: string, password: string | undefined): FieldError[] {
  const faults: FieldError[] = [];
  if (email.length > 254 || !EMAIL.test(email))
    faults.push({ pointer: '/email', message: 'must be an e-mail address' });
  if (password !== undefined && (password.length < 8 || password.length > 128)) {
    faults.push({ pointer: '/password', message: 'must have 8 to 128 characters' });
  }
  return faults;
}

function duplicate(email: string): Refusal {
  return refuse('duplicate', `The account has a person with the e-mail address ${email} already.`);
}

async function isTaken(sql: Sql, account: string, email: string): Promise<boolean> {
  const rows = await sql`select id from tessera.person where account = ${account} and email = ${email}`;
  return rows.length > 0;
}

/** The user who signs in with this address; null where there is one and a password was given. */
async function ensureUser(
  library: PeopleLibrary,
  email: string,
  name: string,
  password: string | undefined,
): Promise<{ id: string; madePassword: string | null } | null> {
  const { internalAdapter, password: passwords } = await library.$context;
  const known = await internalAdapter.findUserByEmail(email);
  if (known !== null) return password === undefined ? { id: known.user.id, madePassword: null } : null;
  const chosen = password ?? newSecret(15);
  const user = await internalAdapter.createUser({ email, name, emailVerified: true }, { method: 'admin' });
  await internalAdapter.linkAccount({
    userId: user.id,
    accountId: user.id,
    providerId: 'credential',
    password: await passwords.hash(chosen),
  });
  return { id: user.id, madePassword: password === undefined ? chosen : null };
}

async function organisationOf(sql: Sql, account: string, partyKey: string | null) {
  const isOwn = partyKey === null || partyKey === account;
  const named = isOwn ? await findAccount(sql, account) : await findParty(sql, account, partyKey);
  return { account, party: isOwn ? null : partyKey, name: named?.name ?? account };
}
