import { type Refusal, refuse } from '../../../kernel/errors.ts';
import { RULES } from '../rules/rule.ts';
import { collectionOf, writeEntry, writtenAnswer } from './entries.ts';
import type { Place } from './place.ts';
import { authorOf, ruleToWire } from './rule-routes.ts';
import { ruleCreate, wireRule } from './schema.ts';

/** POST …/rules. */
export function ruleCreateRoute({ app, store, base, access, shown }: Place): void {
  const collection = collectionOf(store, RULES);
  app.post(
    base,
    {
      ...access,
      schema: {
        ...shown,
        summary: 'Make a rule',
        description: 'The whole of it is seen, and changed, at `/api/v1/exception-rules`.',
        body: ruleCreate,
        response: { 201: wireRule },
      },
    },
    async (request, reply) => {
      const { exceptionTypeId, isActive = true, ...rule } = request.body;
      const catalogue = await store.catalogue(request.actor.account);
      const data = {
        ...rule,
        isActive,
        exceptionType: String(exceptionTypeId),
        changedBy: authorOf(request.actor),
      };
      const answer = writtenAnswer(base, (entry) => ruleToWire(entry, catalogue));
      return writeEntry(store, request, reply, { collection, key: null, change: () => data, answer }, told);
    },
  );
}

/** A rule names its type otherwise here than where it is kept. */
export function told(refusal: Refusal): Refusal {
  const errors = refusal.errors?.map(({ pointer, message }) =>
    pointer === '/exceptionType'
      ? { pointer: '/exceptionTypeId', message: 'must be the id of a type of exception that there is' }
      : { pointer, message },
  );
  return errors ? refuse(refusal.code, refusal.message, { errors }) : refusal;
}
