import type { Store } from '../../store/store.ts';
import { troubleCollections } from './collections.ts';
import { troubleDemo } from './demo.ts';
import { troubleKind } from './kind.ts';
import { createOssjContract } from './ossj/routes.ts';
import { createHubFormats, createTmf621Contracts } from './tmf621/routes.ts';

/** Trouble tickets between two parties, and the contracts that speak of them. */
export const troubleWing = {
  kind: troubleKind,
  collections: troubleCollections,
  demo: troubleDemo,
  payloadFormats: (store: Store) => createHubFormats(store),
  contracts: (store: Store) => [createOssjContract(store), ...createTmf621Contracts(store)],
};
