import type { FastifyRequest } from 'fastify';
import { WRITE_PERMISSION } from '../../core/staff.ts';
import { isOwnStaff } from '../../kernel/actor.ts';
import { RefusalError, refuse } from '../../kernel/errors.ts';

const CATALOGUE_READ = 'catalogue.read';
/** Lets the account's own staff change its reference data. */
export const CATALOGUE_WRITE = 'catalogue.write';

/** Who works on tickets has to know what they can name. */
export const READERS: readonly string[] = [CATALOGUE_READ, CATALOGUE_WRITE, WRITE_PERMISSION];

/** Reference data are for the account's own people, whatever another party's credential may hold. */
export async function ownStaffOnly({ actor }: FastifyRequest): Promise<void> {
  if (isOwnStaff(actor)) return;
  throw new RefusalError(refuse('forbidden', "Reference data are for the account's own staff."));
}
