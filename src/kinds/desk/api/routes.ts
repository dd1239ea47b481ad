import type { Contract, SecurityScheme } from '../../../http/contract.ts';
import type { Store } from '../../../store/store.ts';
import { createBatchWriter } from '../../../store/write-batch.ts';
import { BASE, CONTRACT } from './contract-name.ts';
import { deleteRoutes } from './delete-routes.ts';
import { deskErrors } from './errors.ts';
import { itemRoutes } from './item-routes.ts';
import { listRoute } from './list-route.ts';
import { manyRoutes } from './many-routes.ts';
import { messageRoute } from './message-route.ts';
import { refusePartners } from './refuse-partners.ts';
import { solveRoute } from './solve-route.ts';
import { unlinkRoute } from './unlink-route.ts';

const security: Readonly<Record<string, SecurityScheme>> = {
  apiKeyHeader: { type: 'http', scheme: 'apikey', description: '`Authorization: apikey KEY`.' },
  apiKeyQuery: { type: 'apiKey', in: 'query', name: 'apiKey' },
  basic: { type: 'http', scheme: 'basic', description: 'The key is the password.' },
  bearer: { type: 'http', scheme: 'bearer', description: 'A JWT access token, or an API key.' },
};

/** Tickets as the clients of a published help-desk API know them. */
export function createDeskContract(store: Store): Contract {
  return {
    name: CONTRACT,
    title: 'Help desk',
    description:
      'Tickets of customers. Every answer is 200, or an error. Bodies are JSON, urlencoded or multipart forms.',
    prefixes: [BASE],
    errors: deskErrors,
    readsForms: true,
    security,
    routes(app) {
      app.addHook('onRequest', refusePartners);
      const parts = { store, batches: createBatchWriter(store) };
      listRoute(app, store);
      itemRoutes(app, store);
      deleteRoutes(app, store);
      manyRoutes(app, parts);
      unlinkRoute(app, store);
      solveRoute(app, parts);
      messageRoute(app, store);
    },
  };
}
