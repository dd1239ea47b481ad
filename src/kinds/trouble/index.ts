import type { Store } from '../../store/store.ts';
import { troubleKind } from './kind.ts';
import { createOssjContract } from './ossj/routes.ts';

/** Trouble tickets between two parties, and the contracts that speak of them. */
export const troubleWing = {
  kind: troubleKind,
  contracts: (store: Store) => [createOssjContract(store)],
};
