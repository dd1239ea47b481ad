import type { Contract } from '../../../http/contract.ts';
import type { Store } from '../../../store/store.ts';
import { callToActionRoutes } from './call-to-action-routes.ts';
import { candidateRoutes } from './candidate-routes.ts';
import { BASE, CONTRACT, PUBLIC_BASE } from './contract-name.ts';
import { diagnosticsRoutes } from './diagnostics-routes.ts';
import { dryRunRoute } from './dry-run-route.ts';
import { exceptionErrors } from './errors.ts';
import { exceptionRoutes } from './exception-routes.ts';
import { placeGroup, placeGroupTwice } from './place.ts';
import { ruleCreateRoute } from './rule-create-route.ts';
import { ruleRoutes } from './rule-routes.ts';
import { typeRoutes } from './type-routes.ts';
import { updateStatusRoute } from './update-status-route.ts';
import { workItemEventRoutes } from './work-item-event-routes.ts';
import { workItemRoutes } from './work-item-routes.ts';

/** Ticket exceptions: the account's own operations, and the one that the help desk calls. */
export function createExceptionContract(store: Store): Contract {
  return {
    name: CONTRACT,
    title: 'Ticket exceptions',
    description:
      'Exceptions on work items, and the rules that open them. The groups rules, ticketExceptions, callToActions and ' +
      'serviceProviderEscalationCandidates are served with their name twice as well: `/rules/rules/{ruleId}`.',
    prefixes: [BASE, PUBLIC_BASE],
    errors: exceptionErrors,
    routes(app) {
      placeGroup(app, store, 'diagnostics', diagnosticsRoutes);
      placeGroupTwice(app, store, 'rules', (place) => {
        ruleRoutes(place);
        ruleCreateRoute(place);
        dryRunRoute(place);
      });
      placeGroupTwice(app, store, 'ticketExceptions', exceptionRoutes);
      placeGroupTwice(app, store, 'callToActions', callToActionRoutes);
      placeGroupTwice(app, store, 'serviceProviderEscalationCandidates', candidateRoutes);
      placeGroup(app, store, 'exceptionTypes', typeRoutes);
      placeGroup(app, store, 'workItemEvents', workItemEventRoutes);
      placeGroup(app, store, 'workItems', workItemRoutes);
      updateStatusRoute(app, store);
    },
  };
}
