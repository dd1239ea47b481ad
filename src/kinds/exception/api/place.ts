import type { HallInstance } from '../../../http/contract.ts';
import type { Store } from '../../../store/store.ts';
import { partnersOnly } from './access.ts';
import { BASE } from './contract-name.ts';
import { readSpellings } from './spellings.ts';

/** What a set of routes needs. */
export interface Place {
  readonly app: HallInstance;
  readonly store: Store;
  /** Such as `/ticketExceptions/v1/rules`. */
  readonly base: string;
  /** What its operations have in common. */
  readonly access: { readonly onRequest: typeof partnersOnly; readonly preValidation: typeof readSpellings };
  /** What the documentation shows of them. */
  readonly shown: { readonly tags: string[]; readonly hide: boolean };
}

/** Registers a group's routes at the group's own path. */
export function placeGroup(
  app: HallInstance,
  store: Store,
  group: string,
  routes: (place: Place) => void,
): void {
  routes(placeAt(app, store, `${BASE}/${group}`, group, false));
}

/**
 * Registers a group's routes at the group's own path and, as the published text can be read, at the path that has its name
 * twice. The documentation shows the first.
 */
export function placeGroupTwice(
  app: HallInstance,
  store: Store,
  group: string,
  routes: (place: Place) => void,
): void {
  placeGroup(app, store, group, routes);
  routes(placeAt(app, store, `${BASE}/${group}/${group}`, group, true));
}

function placeAt(app: HallInstance, store: Store, base: string, tag: string, hide: boolean): Place {
  return {
    app,
    store,
    base,
    access: { onRequest: partnersOnly, preValidation: readSpellings },
    shown: { tags: [tag], hide },
  };
}
