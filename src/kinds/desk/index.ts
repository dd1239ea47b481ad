import type { Store } from '../../store/store.ts';
import { createDeskContract } from './api/routes.ts';
import { deskCollections } from './collections.ts';
import { deskDemo } from './demo.ts';
import { deskKind } from './kind.ts';

/** Help-desk tickets, what they name, and the contract that speaks of them. */
export const deskWing = {
  kind: deskKind,
  collections: deskCollections,
  demo: deskDemo,
  contracts: (store: Store) => [createDeskContract(store)],
};
