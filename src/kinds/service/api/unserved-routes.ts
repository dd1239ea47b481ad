import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { pathOf } from '../../../http/request.ts';
import { refuse } from '../../../kernel/errors.ts';

/**
 * `/v2/tickets` is shared. What ends in `-tickets` is this contract's though no route serves it, so that nobody takes it
 * for the id of a ticket of another contract.
 */
export function unservedRoutes(app: HallInstance): void {
  for (const below of ['', '/*']) {
    app.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url: `/v2/tickets/:collection(^.+-tickets$)${below}`,
      config: { public: true },
      schema: { hide: true },
      handler: async (request, reply) =>
        sendRefusal(reply, refuse('notFound', `${request.method} ${pathOf(request.url)} is not served.`)),
    });
  }
}
