import type { Contract, HallInstance } from '../../../http/contract.ts';
import type { Store } from '../../../store/store.ts';
import { refuseStrangers } from '../strangers.ts';
import { attachmentRoutes } from './attachment-routes.ts';
import { ossjErrors } from './errors.ts';
import { readRoutes } from './read-routes.ts';
import { writeRoutes } from './write-routes.ts';

/** The paths under which the contract is served: the published root, and the same under a version. */
const BASES = ['/troubleTicket', '/v1/troubleTicket'];

/** Trouble tickets as OSS/J clients know them. */
export function createOssjContract(store: Store): Contract {
  return {
    name: 'trouble',
    title: 'Trouble tickets (OSS/J)',
    description:
      'Two parties handle one ticket: the TU opens it, the TO resolves it; each step is a transaction.',
    prefixes: BASES,
    errors: ossjErrors,
    routes(app: HallInstance) {
      app.addHook('onRequest', refuseStrangers(store));
      for (const base of BASES) {
        readRoutes(app, store, base);
        writeRoutes(app, store, base);
        attachmentRoutes(app, store, base);
      }
    },
  };
}
