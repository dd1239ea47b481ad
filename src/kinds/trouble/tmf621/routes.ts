import type { Contract, HallInstance } from '../../../http/contract.ts';
import type { Store } from '../../../store/store.ts';
import type { AnyPayloadFormat } from '../../../webhooks/format.ts';
import { refuseStrangers } from '../strangers.ts';
import { tmfErrors } from './errors.ts';
import { hubFormat } from './hub-format.ts';
import { hubRoutes } from './hub-routes.ts';
import { readRoutes } from './read-routes.ts';
import { v4 } from './v4/index.ts';
import { v5 } from './v5/index.ts';
import { specificationRoutes } from './v5/specification/routes.ts';
import type { Version } from './version.ts';
import { writeRoutes } from './write-routes.ts';

/** TM Forum's Trouble Ticket Management API, in both versions. */
export function createTmf621Contracts(store: Store): Contract[] {
  return [v4, v5].map((version) => createContract(store, version));
}

/** How hubs are told, in both versions. */
export function createHubFormats(store: Store): AnyPayloadFormat[] {
  return [v4, v5].map((version) => hubFormat(store, version));
}

function createContract(store: Store, version: Version): Contract {
  return {
    name: version.contract,
    title: `Trouble tickets (TMF621 ${version.name})`,
    description:
      'Trouble Ticket Management as TM Forum publishes it, over the same tickets as the OSS/J contract.',
    version: version.standard,
    prefixes: [version.base],
    errors: tmfErrors,
    routes(app: HallInstance) {
      app.addHook('onRequest', refuseStrangers(store));
      readRoutes(app, store, version);
      writeRoutes(app, store, version);
      hubRoutes(app, store, version);
      if (version.isFifth) specificationRoutes(app, store, version);
    },
  };
}
