/** Who does something: a person, a client program, or the system itself (a timer that fires). */
export interface Actor {
  readonly account: string;
  /** Stable within the account: a person's UUID, a client's id, `system`. */
  readonly id: string;
  readonly name: string;
  readonly type: 'person' | 'client' | 'system';
  /** Key of the organisation that the actor speaks for; the account's own party has the account's key. */
  readonly party: string | null;
  readonly persona: string | null;
  readonly permissions: ReadonlySet<string>;
  /** The built-in integration, such as a help desk's, whose own client program this is; absent for anybody else. */
  readonly integration?: string;
}

/** The permission that includes every other one. */
export const ALL_PERMISSIONS = 'admin';

export function may(actor: Actor, permission: string): boolean {
  return actor.permissions.has(permission) || actor.permissions.has(ALL_PERMISSIONS);
}

/** True for those who work for the account itself: its system, and actors of its own party. */
export function isOwnStaff(actor: Actor): boolean {
  return actor.type === 'system' || actor.party === null || actor.party === actor.account;
}

export function systemActor(account: string): Actor {
  return {
    account,
    id: 'system',
    name: 'Tessera',
    type: 'system',
    party: account,
    persona: null,
    permissions: new Set([ALL_PERMISSIONS]),
  };
}
