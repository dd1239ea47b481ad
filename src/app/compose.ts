import type { Kind, KindRegistry } from '../core/kind.ts';
import type { Contract } from '../http/contract.ts';
import { troubleKind } from '../kinds/trouble/index.ts';
import { createOssjContract } from '../kinds/trouble/ossj/routes.ts';
import { createNativeContract } from '../native/index.ts';
import type { Store } from '../store/store.ts';

/** The wings: every kind of ticket that this server handles. A wing is one line here and one in `contracts`. */
const kinds: readonly Kind[] = [troubleKind];

/** The kinds by name. */
export function composeKinds(): KindRegistry {
  return new Map(kinds.map((kind) => [kind.name, kind]));
}

/** Every HTTP contract of the wings and the hall. */
export function composeContracts(store: Store): Contract[] {
  return [createNativeContract({ store }), createOssjContract(store)];
}
