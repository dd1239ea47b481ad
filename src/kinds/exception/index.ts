import type { Jobs } from '../../jobs/jobs.ts';
import type { Store } from '../../store/store.ts';
import { createExceptionContract } from './api/routes.ts';
import { candidatesReader } from './candidates/reader.ts';
import { exceptionCollections } from './collections.ts';
import { exceptionDemo } from './demo.ts';
import { derivationReader } from './engine/derivation.ts';
import { triggerKeeper } from './engine/keeper.ts';
import { zendeskQueue } from './help-desk/zendesk/queue.ts';
import { zendeskReader } from './help-desk/zendesk/reader.ts';
import { exceptionKind } from './kind.ts';

/** Exceptions on work items, the rules that open them, and the contract that speaks of them. */
export const exceptionWing = {
  kind: exceptionKind,
  collections: exceptionCollections,
  play: exceptionDemo,
  contracts: (store: Store) => [createExceptionContract(store)],
  readers: (store: Store, { jobs }: { readonly jobs: Jobs }) => [
    candidatesReader(store),
    derivationReader(store),
    zendeskReader(store, jobs),
  ],
  subjects: (store: Store) => triggerKeeper(store),
  queues: (store: Store) => [zendeskQueue(store)],
};
