import type { DemoPerson } from '../../core/demo.ts';
import { type Database, withIdentity } from '../database.ts';
import { doneOr } from '../fault.ts';
import type { Cli } from '../parts.ts';

/** Makes the people that stories name, with passwords that nobody knows; who is there already stays as they are. */
export async function ensurePeople(
  cli: Cli,
  database: Database,
  account: string,
  people: readonly DemoPerson[],
): Promise<void> {
  if (people.length === 0) return;
  await withIdentity(cli, database, async (identity) => {
    const known = new Set((await identity.listPeople(account)).map(({ email }) => email));
    for (const person of people) {
      if (!known.has(person.email)) doneOr(await identity.createPerson(account, person), cli);
    }
  });
}
