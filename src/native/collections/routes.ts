import type { HallInstance } from '../../http/contract.ts';
import type { Store } from '../../store/store.ts';
import { compileCollections } from './checks.ts';
import { describeRoute } from './describe-route.ts';
import { importRoutes } from './import-route.ts';
import { readRoutes } from './read-routes.ts';
import { writeRoutes } from './write-routes.ts';

/** The reference data of all kinds: their description, and each collection at a path of its own. */
export function collectionRoutes(app: HallInstance, base: string, store: Store): void {
  const all = compileCollections(store.collections);
  describeRoute(app, base, all);
  for (const checks of all) {
    readRoutes(app, base, store, checks);
    writeRoutes(app, base, store, checks);
  }
  importRoutes(app, base, store, all);
}
