import type { Contract, HallInstance, SecurityScheme } from '../../../http/contract.ts';
import type { Store } from '../../../store/store.ts';
import { API_KEY_SETTING } from '../kind.ts';
import { CONTRACT } from './contract-name.ts';
import { serviceErrors } from './errors.ts';
import { eventRoutes } from './event-routes.ts';
import { operatorRoutes } from './operator-routes.ts';
import { readRoutes } from './read-routes.ts';
import { unservedRoutes } from './unserved-routes.ts';
import { writeRoutes } from './write-routes.ts';

const security: Readonly<Record<string, SecurityScheme>> = {
  OAuth2: {
    type: 'oauth2',
    flows: { clientCredentials: { tokenUrl: '/oauth2/token', scopes: {} } },
    description: 'An access token for client credentials, sent as `Authorization: Bearer TOKEN`.',
  },
  ApiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'x-api-key',
    description: 'Needed beside the token, unless the account has made it optional.',
  },
};

/** Operator tickets: workshops ask for remote service, operators take it. */
export function createServiceContract(store: Store): Contract {
  return {
    name: CONTRACT,
    title: 'Operator tickets',
    description:
      'Tickets of remote service on vehicles. A ticket moves through collections, one for each state, and keeps its id: a transition answers 303 with the path where the ticket stands from then on.',
    prefixes: ['/v2/tickets/*-tickets', '/v2/tickets/tickets', '/v2/operators', '/v2/system'],
    errors: serviceErrors,
    security,
    keyBesideToken: {
      async isNeeded(account) {
        const { settings } = await store.directory.account(account);
        return settings[API_KEY_SETTING] !== 'optional';
      },
    },
    routes(app: HallInstance) {
      readRoutes(app, store);
      writeRoutes(app, store);
      operatorRoutes(app, store);
      eventRoutes(app, store);
      unservedRoutes(app);
    },
  };
}
