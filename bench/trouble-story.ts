import type { Decision } from '../src/core/decision.ts';
import { newId } from '../src/kernel/id.ts';
import type { Sql } from '../src/store/database.ts';
import { decided, type Story } from './fill.ts';
import { ACCOUNT } from './product.ts';
import { ISSUER, troubleInput } from './sample.ts';

const KIND = 'trouble';
const OTHER_ISSUERS = ['LYN', 'AVT', 'NTG'];

/** What follows on the creation of each eight tickets: half of them have moved on. */
const STEPS: readonly (readonly [side: 'TU' | 'TO', transaction: string] | null)[] = [
  null,
  ['TU', 'TU09'],
  null,
  ['TO', 'TO05'],
  null,
  ['TU', 'TU09'],
  null,
  ['TU', 'TU03'],
];

/** Trouble tickets as the account's party would see them: of four issuers, the first one with a quarter of all. */
export const troubleStory: Story = {
  kind: KIND,
  create: openTrouble,
  next({ issuer, ...ticket }, index, now) {
    const step = STEPS[index % STEPS.length];
    if (!step) return null;
    const [side, name] = step;
    const party = side === 'TU' ? (issuer ?? ISSUER) : ACCOUNT;
    const input = { dialog: 'Checked from both sides.' };
    return decided(
      KIND,
      { ...ticket, issuer },
      { type: 'transition', name, input },
      { ...client(party), now },
    );
  },
};

/** The decision to open one ticket. */
export function openTrouble(index: number, number: number, now: Date, reference = `FILL-${index}`): Decision {
  const issuer = [ISSUER, ...OTHER_ISSUERS][Math.floor(index / STEPS.length) % 4] ?? ISSUER;
  const birth = { id: newId(now), number, key: `RED-${number}` };
  const command = { type: 'create', name: 'TU01', input: troubleInput(reference) } as const;
  return decided(KIND, null, command, { ...client(issuer), now, birth });
}

/** The parties that the story speaks of beside the one that every product database has. */
export async function addParties(sql: Sql): Promise<void> {
  for (const party of OTHER_ISSUERS) {
    await sql`insert into party (account, key, name) values (${ACCOUNT}, ${party}, ${party}) on conflict do nothing`;
  }
}

function client(party: string) {
  return { id: `client-of-${party}`, name: party, party, permissions: new Set<string>() };
}
