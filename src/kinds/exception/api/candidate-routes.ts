import { sendJson } from '../../../http/reply.ts';
import { thresholdOf } from '../candidates/settings.ts';
import { listCandidates } from '../candidates/store.ts';
import type { Place } from './place.ts';
import { wireCandidates } from './schema.ts';
import { wireTime } from './wire-time.ts';

/** Service providers that are due for an escalation. */
export function candidateRoutes({ app, store, base, access, shown }: Place): void {
  app.get(
    base,
    {
      ...access,
      schema: {
        ...shown,
        summary: 'Service providers with too many open exceptions, or one that is too old',
        description:
          'The most open exceptions first. The settings `exception.candidateCount` and `exception.candidateAge` of the account say from where on.',
        response: { 200: wireCandidates },
      },
    },
    async ({ actor }, reply) => {
      const { settings } = await store.directory.account(actor.account);
      const threshold = thresholdOf(settings, store.clock.now());
      const candidates = await listCandidates(store.sql, actor.account, threshold);
      return sendJson(
        reply,
        200,
        candidates.map(({ provider, name, openCount, oldestAt }) => ({
          serviceProviderId: provider,
          serviceProviderName: name,
          openExceptionCount: openCount,
          oldestExceptionDate: wireTime(oldestAt),
        })),
      );
    },
  );
}
