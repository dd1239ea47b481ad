import type { Place } from './place.ts';
import { runCommand } from './server-process.ts';

/** How long a ticket stays cleared: short, so that timers fire all the time. */
export const GUARANTEE_MS = 3_000;

export const ISSUER = 'onvia';
/** The account's own party, the owner of every ticket. */
export const OWNER = 'default';
export type PartyKey = typeof ISSUER | typeof OWNER;

/** A bearer token of each side. */
export type Tokens = Readonly<Record<PartyKey, string>>;

/** Prepares the account beside a running server, as its operator would. */
export async function prepareAccount(place: Place): Promise<Tokens> {
  await runCommand(place, ['party', '--key', ISSUER, '--name', 'Onvia']);
  const [issuer, owner] = await Promise.all([
    runCommand(place, ['token', '--party', ISSUER, '--ttl', '12h']),
    runCommand(place, ['token', '--party', OWNER, '--ttl', '12h']),
    runCommand(place, ['setting', 'trouble.guaranteePeriod', `PT${GUARANTEE_MS / 1000}S`]),
  ]);
  return { [ISSUER]: issuer, [OWNER]: owner };
}
