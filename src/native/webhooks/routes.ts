import type { HallInstance } from '../../http/contract.ts';
import type { Store } from '../../store/store.ts';
import type { Webhooks } from '../../webhooks/webhooks.ts';
import { actionRoutes } from './action-routes.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { targetRoutes } from './target-routes.ts';

/** Everything under /webhooks. */
export function webhookRoutes(app: HallInstance, base: string, store: Store, webhooks: Webhooks): void {
  targetRoutes(app, base, store);
  actionRoutes(app, base, store, webhooks);
  deliveryRoutes(app, base, store, webhooks);
}
