import type { Store } from '../../store/store.ts';
import { createCareContract } from './api/routes.ts';
import { careCollections } from './collections.ts';
import { careDemo } from './demo.ts';
import { careKind } from './kind.ts';

/** Customer care, and the contract that speaks of it. */
export const careWing = {
  kind: careKind,
  collections: careCollections,
  demo: careDemo,
  contracts: (store: Store) => [createCareContract(store)],
};
