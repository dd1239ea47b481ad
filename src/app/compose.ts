import type { Collection, CollectionRegistry } from '../core/collection.ts';
import type { DemoMaker } from '../core/demo.ts';
import type { Kind, KindRegistry } from '../core/kind.ts';
import { registerCollections } from '../core/register-collections.ts';
import { registerKinds } from '../core/register-kinds.ts';
import type { Contract } from '../http/contract.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { AnyJobQueue } from '../jobs/queue.ts';
import { careWing } from '../kinds/care/index.ts';
import { deskWing } from '../kinds/desk/index.ts';
import { exceptionWing } from '../kinds/exception/index.ts';
import { serviceWing } from '../kinds/service/index.ts';
import { troubleWing } from '../kinds/trouble/index.ts';
import { createNativeContract } from '../native/index.ts';
import { nativeFormat } from '../native/webhooks/format.ts';
import type { LogReader } from '../readers/log-reader.ts';
import type { DemoPlay } from '../store/demo-play.ts';
import type { Store } from '../store/store.ts';
import type { SubjectKeeper, SubjectKeepers } from '../store/subject-timers.ts';
import type { AnyPayloadFormat } from '../webhooks/format.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';

/** What depends on the kinds that take tickets from others. */
type ForReceivers<T> = (receivers: KindRegistry) => T;

/** A kind of ticket with the contracts that speak of it. */
interface Wing {
  readonly kind: Kind;
  /** The reference data that its tickets name. */
  readonly collections?: readonly Collection[] | ForReceivers<readonly Collection[]>;
  /** Makes up example tickets. */
  readonly demo?: DemoMaker | ForReceivers<DemoMaker>;
  /** How its own sort of webhook tells what happens. */
  payloadFormats?(store: Store): readonly AnyPayloadFormat[];
  /** Makes up more than tickets, in place of `demo`. */
  readonly play?: DemoPlay;
  /** The jobs that it enqueues, and what does them. */
  queues?(store: Store): readonly AnyJobQueue[];
  contracts(store: Store, services: Services): Contract[];
  /** What follows the log for it. */
  readers?(store: Store, services: Services): readonly LogReader[];
  /** Keeps what it has that is no ticket and has timers. */
  subjects?(store: Store): SubjectKeeper;
}

/** What the hall offers beside the store. */
export interface Services {
  readonly jobs: Jobs;
  readonly webhooks: Webhooks;
}

const wings: readonly Wing[] = [
  // One line a wing: taking a wing out is taking its line out.
  troubleWing,
  deskWing,
  careWing,
  serviceWing,
  exceptionWing,
];

/**
 * The kinds of ticket that this server handles, by name.
 * @throws where two of them cannot live in one server
 */
export function composeKinds(): KindRegistry {
  return registerKinds(wings.map(({ kind }) => kind));
}

/** The reference data of all kinds, by name. */
export function composeCollections(): CollectionRegistry {
  return registerCollections(wings.flatMap(({ collections = [] }) => resolve(collections)));
}

/** What makes up example tickets, by kind. */
export function composeDemos(): ReadonlyMap<string, DemoMaker | DemoPlay> {
  return new Map(
    wings.flatMap(({ kind, demo, play }) => {
      const maker = play ?? (demo && resolve(demo));
      return maker ? [[kind.name, maker] as const] : [];
    }),
  );
}

function resolve<T extends object>(part: T | ForReceivers<T>): T {
  if (typeof part !== 'function') return part;
  return part(registerKinds(wings.map(({ kind }) => kind).filter(({ receives }) => receives)));
}

/** How webhooks of every sort tell what happens. */
export function composePayloadFormats(store: Store): AnyPayloadFormat[] {
  return [nativeFormat, ...wings.flatMap((wing) => wing.payloadFormats?.(store) ?? [])];
}

/** The queues of the wings' jobs. */
export function composeQueues(store: Store): AnyJobQueue[] {
  return wings.flatMap((wing) => wing.queues?.(store) ?? []);
}

/** Every HTTP contract: the product's own, and those of the wings. */
export function composeContracts(store: Store, services: Services): Contract[] {
  return [
    createNativeContract({ store, webhooks: services.webhooks, keepers: composeSubjects(store) }),
    ...wings.flatMap((wing) => wing.contracts(store, services)),
  ];
}

/** The readers of the log that the wings bring along. */
export function composeReaders(store: Store, services: Services): LogReader[] {
  return wings.flatMap((wing) => wing.readers?.(store, services) ?? []);
}

/** The keepers of what has timers and is no ticket, by kind. */
export function composeSubjects(store: Store): SubjectKeepers {
  return new Map(
    wings.flatMap((wing) => (wing.subjects ? [[wing.kind.name, wing.subjects(store)] as const] : [])),
  );
}
