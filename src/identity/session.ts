import { type Refusal, refuse } from '../kernel/errors.ts';
import type { Sql } from '../store/database.ts';
import { UnavailableError } from '../store/failure.ts';
import { toActor } from './claims.ts';
import type { Person } from './people.ts';
import type { PeopleLibrary } from './people-library.ts';
import { SESSION_COOKIES } from './people-paths.ts';
import type { Verified } from './verify-token.ts';

/** The signed session token in a `Cookie` header, null where there is none. */
export function sessionCookie(cookie: string): string | null {
  for (const pair of cookie.split(';')) {
    const at = pair.indexOf('=');
    if (at === -1) continue;
    const name = pair.slice(0, at).trim();
    if (SESSION_COOKIES.some((known) => known === name)) return pair.slice(at + 1).trim();
  }
  return null;
}

/**
 * The person whose session this is, in the account of the session's active organisation; in that of the person's first
 * organisation where none is active.
 */
export async function verifySession(
  sql: Sql,
  library: PeopleLibrary,
  cookie: string,
): Promise<Verified | Refusal> {
  const none = refuse('unauthenticated', 'The session is not valid, or has ended.');
  const found = await library.api
    .getSession({
      headers: new Headers({ cookie }),
      // Nobody would carry a renewed cookie back from here; the page's own calls renew it.
      query: { disableRefresh: true },
    })
    .catch((error: unknown) => {
      // A cookie that is not valid gives null, so what is thrown comes from the database.
      throw new UnavailableError(error);
    });
  if (found === null) return none;
  const [chosen] = await sql<{ account: string }[]>`
    select o.account from auth."member" m join auth."organization" o on o.id = m."organizationId"
    where m."userId" = ${found.user.id}
    order by (o.id = ${found.session.activeOrganizationId ?? ''}) desc, m."createdAt", o.id limit 1`;
  if (chosen === undefined) return none;
  const [person] = await sql<Person[]>`
    select id, name, permissions, party, persona from tessera.person
    where account = ${chosen.account} and auth_user = ${found.user.id} and disabled_at is null`;
  if (person === undefined) return none;
  return {
    ok: true,
    actor: toActor(chosen.account, person.id, 'person', person),
    until: found.session.expiresAt.getTime(),
  };
}
