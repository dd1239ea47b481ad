import type { Contract } from '../http/contract.ts';
import { problem } from '../http/problem.ts';
import type { Store } from '../store/store.ts';
import type { SubjectKeepers } from '../store/subject-timers.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { batchRoute } from './batch/route.ts';
import { collectionRoutes } from './collections/routes.ts';
import { CONTRACT } from './contract-name.ts';
import { eventRoutes } from './events/routes.ts';
import { createLogWatch } from './events/watch-log.ts';
import { compileKinds } from './kind-checks.ts';
import { kindRoutes } from './kinds/routes.ts';
import { meRoute } from './me/route.ts';
import { changeRoutes } from './tickets/change-routes.ts';
import { commentRoute } from './tickets/comment-route.ts';
import { createRoute } from './tickets/create-route.ts';
import { eraseRoute } from './tickets/erase-route.ts';
import { linkRoutes } from './tickets/link-routes.ts';
import { readRoutes } from './tickets/read-routes.ts';
import { timelineRoute } from './tickets/timeline-route.ts';
import { timerRoutes } from './timers/routes.ts';
import { webhookRoutes } from './webhooks/routes.ts';

const BASE = '/api/v1';

export interface NativeParts {
  readonly store: Store;
  /** Without them there are no webhooks. */
  readonly webhooks?: Webhooks;
  /** Of what has timers and is no ticket; none when absent. */
  readonly keepers?: SubjectKeepers;
}

/** The product's own API over every kind of ticket. */
export function createNativeContract({ store, webhooks, keepers = new Map() }: NativeParts): Contract {
  const checks = compileKinds(store.kinds);
  const watch = createLogWatch(store);
  return {
    name: CONTRACT,
    title: 'Tessera',
    description:
      'One API over every kind of ticket. Errors are RFC 9457 problems; writes are safe to repeat.',
    prefixes: [BASE],
    errors: problem,
    routes(app) {
      kindRoutes(app, BASE, checks);
      collectionRoutes(app, BASE, store);
      batchRoute(app, BASE, store, checks);
      createRoute(app, BASE, store, checks);
      readRoutes(app, BASE, store);
      changeRoutes(app, BASE, store, checks);
      eraseRoute(app, BASE, store);
      linkRoutes(app, BASE, store);
      timelineRoute(app, BASE, store);
      commentRoute(app, BASE, store);
      timerRoutes(app, BASE, store, keepers);
      eventRoutes(app, BASE, store, watch);
      meRoute(app, BASE);
      if (webhooks) webhookRoutes(app, BASE, store, webhooks);
    },
  };
}
