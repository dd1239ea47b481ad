import type { FastifyRequest } from 'fastify';
import type { Collection } from '../../core/collection.ts';
import { WRITE_PERMISSION } from '../../core/staff.ts';
import { isOwnStaff } from '../../kernel/actor.ts';
import { RefusalError, refuse } from '../../kernel/errors.ts';

const CATALOGUE_READ = 'catalogue.read';
/** Lets the account's own staff change its reference data. */
const CATALOGUE_WRITE = 'catalogue.write';

/** The permissions of which any one lets its bearer change the entries of a collection. */
export function writersOf({ keepers = [] }: Collection): readonly string[] {
  return [CATALOGUE_WRITE, ...keepers];
}

/** The same for reading them. Who works on tickets has to know what they can name. */
export function readersOf(collection: Collection): readonly string[] {
  return [CATALOGUE_READ, WRITE_PERMISSION, ...writersOf(collection)];
}

/** Reference data are for the account's own people, whatever another party's credential may hold. */
export async function ownStaffOnly({ actor }: FastifyRequest): Promise<void> {
  if (isOwnStaff(actor)) return;
  throw new RefusalError(refuse('forbidden', "Reference data are for the account's own staff."));
}
