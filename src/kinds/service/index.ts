import type { Store } from '../../store/store.ts';
import { createServiceContract } from './api/routes.ts';
import { serviceCollections } from './collections.ts';
import { serviceDemo } from './demo.ts';
import { serviceKind } from './kind.ts';

/** Remote service on vehicles, and the contract that speaks of it. */
export const serviceWing = {
  kind: serviceKind,
  collections: serviceCollections,
  demo: serviceDemo,
  contracts: (store: Store) => [createServiceContract(store)],
};
