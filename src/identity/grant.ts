import { type FieldError, invalid, type Refusal, refuse } from '../kernel/errors.ts';
import { isStorableText } from '../kernel/text.ts';
import { findAccount, findParty } from '../store/accounts.ts';
import type { Sql } from '../store/database.ts';

/** What a credential or a person may do, and for whom. The same for people, programs and keys. */
export interface Grant {
  readonly name: string;
  readonly permissions: string[];
  /** Key of the organisation spoken for; null is the account's own staff. */
  readonly party: string | null;
  readonly persona: string | null;
}

/** A grant as a caller writes it down. */
export interface GrantInput {
  readonly name: string;
  readonly permissions?: readonly string[] | undefined;
  readonly party?: string | null | undefined;
  readonly persona?: string | null | undefined;
}

const PERMISSION = /^[a-z][a-z0-9._:-]{0,63}$/i;

/** Checks a grant's texts, its account and its party. */
export async function checkGrant(
  sql: Sql,
  account: string,
  input: GrantInput,
): Promise<({ readonly ok: true } & Grant) | Refusal> {
  const grant = {
    name: input.name,
    permissions: [...new Set(input.permissions ?? [])],
    party: input.party ?? null,
    persona: input.persona ?? null,
  };
  const faults = grantFaults(grant);
  if (faults.length > 0) return invalid(faults);
  if ((await findAccount(sql, account)) === null) {
    return invalid([{ pointer: '/account', message: `there is no account ${account}` }]);
  }
  if (grant.party !== null && (await findParty(sql, account, grant.party)) === null) {
    return refuse('unknownParty', `The account ${account} knows no party ${grant.party}.`);
  }
  return { ok: true, ...grant };
}

function grantFaults({ name, permissions, persona }: Grant): FieldError[] {
  const faults: FieldError[] = [];
  if (!isLabel(name)) faults.push({ pointer: '/name', message: 'must have 1 to 200 characters' });
  if (persona !== null && !isLabel(persona)) {
    faults.push({ pointer: '/persona', message: 'must have 1 to 200 characters' });
  }
  for (const [index, permission] of permissions.entries()) {
    if (!PERMISSION.test(permission)) {
      faults.push({ pointer: `/permissions/${index}`, message: `${permission} is not a permission` });
    }
  }
  return faults;
}

function isLabel(text: string): boolean {
  return text.trim().length > 0 && text.length <= 200 && isStorableText(text);
}
