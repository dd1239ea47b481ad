import type { Collection, CollectionRegistry } from '../core/collection.ts';
import type { DemoMaker } from '../core/demo.ts';
import type { Kind, KindRegistry } from '../core/kind.ts';
import { registerCollections } from '../core/register-collections.ts';
import type { Contract } from '../http/contract.ts';
import { careWing } from '../kinds/care/index.ts';
import { troubleWing } from '../kinds/trouble/index.ts';
import { createNativeContract } from '../native/index.ts';
import type { Store } from '../store/store.ts';

/** A kind of ticket with the contracts that speak of it. */
interface Wing {
  readonly kind: Kind;
  /** The reference data that its tickets name; it may have to know which kinds take tickets from others. */
  readonly collections?: readonly Collection[] | ((receivers: ReadonlySet<string>) => readonly Collection[]);
  /** Makes up example tickets. */
  readonly demo?: DemoMaker;
  contracts(store: Store): Contract[];
}

const wings: readonly Wing[] = [
  // One line a wing: taking a wing out is taking its line out.
  troubleWing,
  careWing,
];

/** The kinds of ticket that this server handles, by name. */
export function composeKinds(): KindRegistry {
  return new Map(wings.map(({ kind }) => [kind.name, kind]));
}

/** The reference data of all kinds, by name. */
export function composeCollections(): CollectionRegistry {
  const receivers = new Set(wings.filter(({ kind }) => kind.receives).map(({ kind }) => kind.name));
  return registerCollections(
    wings.flatMap(({ collections = [] }) =>
      typeof collections === 'function' ? collections(receivers) : collections,
    ),
  );
}

/** The makers of example tickets, by kind. */
export function composeDemos(): ReadonlyMap<string, DemoMaker> {
  return new Map(wings.flatMap(({ kind, demo }) => (demo ? [[kind.name, demo] as const] : [])));
}

/** Every HTTP contract: the product's own, and those of the wings. */
export function composeContracts(store: Store): Contract[] {
  return [createNativeContract({ store }), ...wings.flatMap((wing) => wing.contracts(store))];
}
