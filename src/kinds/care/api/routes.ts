import { actAsAgent, agentHeaders } from '../../../http/acting-agent.ts';
import type { Contract, HallInstance } from '../../../http/contract.ts';
import type { Store } from '../../../store/store.ts';
import { READING, WORK_PERMISSION } from '../permissions.ts';
import { configurationRoutes } from './configuration-routes.ts';
import { dropEmptyMembers } from './empty-members.ts';
import { careErrors } from './errors.ts';
import { CONTRACT, type Place, VERSIONS } from './place.ts';
import { readRoutes } from './read-routes.ts';
import { writeRoutes } from './write-routes.ts';

/** The path of the published host, with which every path is served too. */
const PUBLISHED = '/ticket-detail';
/** What the contract claims below a version. `/v2/tickets` is shared: a contract that says more of a path has it. */
const CLAIMED = ['tickets', 'customers', 'resolution-statuses', 'ccr'];

/** Customer care: escalation, departments, and what belongs to a ticket between the two. */
export function createCareContract(store: Store): Contract {
  return {
    name: CONTRACT,
    title: 'Customer care',
    description: `Tickets of customer care, and their escalation. Every path is served below \`${PUBLISHED}\` too. What a body may leave out may also be null or an empty text.`,
    prefixes: [
      PUBLISHED,
      '/v2/escalation',
      ...VERSIONS.flatMap((version) => CLAIMED.map((name) => `/${version}/${name}`)),
    ],
    errors: careErrors,
    routes(app: HallInstance) {
      app.addHook('preValidation', dropEmptyMembers);
      app.addHook('preHandler', actAsAgent);
      for (const published of ['', PUBLISHED]) {
        for (const version of VERSIONS) {
          const place: Place = {
            base: `${published}/${version}`,
            version,
            reading: { permission: READING },
            working: { permission: WORK_PERMISSION },
            shown: (tag) => ({ tags: [tag], hide: published !== '', headers: agentHeaders }),
          };
          readRoutes(app, store, place);
          writeRoutes(app, store, place);
          configurationRoutes(app, store, place);
        }
      }
    },
  };
}
