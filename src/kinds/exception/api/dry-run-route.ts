import { sendRefusal } from '../../../http/errors.ts';
import { sendJson } from '../../../http/reply.ts';
import { type Refusal, refuse } from '../../../kernel/errors.ts';
import { type DryRunLine, dryRun, MOST_ITEMS } from '../engine/dry-run.ts';
import { RULES, type RuleData } from '../rules/rule.ts';
import { givenOf } from './entries.ts';
import { dryRunKeys } from './page-keys.ts';
import type { Place } from './place.ts';
import { told } from './rule-create-route.ts';
import { type DryRunBody, dryRunBody, ruleParams, wireDryRun } from './schema.ts';
import { wireTime } from './wire-time.ts';

/** POST …/rules/{ruleId}/dryRun. */
export function dryRunRoute({ app, store, base, access, shown }: Place): void {
  app.post(
    `${base}/:ruleId/dryRun`,
    {
      ...access,
      schema: {
        ...shown,
        summary: 'See what a changed rule would have done',
        description:
          'Replays the events that are stored against the rule with these changes, and holds the exceptions that it would open against ' +
          'those of its type that there are. Nothing is written. A page is of a thousand work items, in the order of their numbers.',
        params: ruleParams,
        body: dryRunBody,
        response: { 200: wireDryRun },
      },
    },
    async ({ actor: { account }, params, body }, reply) => {
      const key = String(params.ruleId);
      const present = (await store.catalogue(account)).entry(RULES, key);
      if (!present) return sendRefusal(reply, refuse('entryNotFound', `There is no rule ${key}.`));
      const start = body.pageKey ? dryRunKeys.decode(body.pageKey) : null;
      if (start && !start.ok) return sendRefusal(reply, start);
      const page = await dryRun(store, {
        account,
        key,
        rule: changed(present.data as unknown as RuleData, body.rule),
        from: body.from ? new Date(body.from) : null,
        to: body.to ? new Date(body.to) : null,
        after: start?.position.afterWorkItem ?? null,
        limit: MOST_ITEMS,
      });
      if (!page.ok) return sendRefusal(reply, inRule(page));
      return sendJson(reply, 200, {
        workItems: page.items,
        counts: page.counts,
        exceptions: page.lines.map(toWire),
        pageKey: page.next === null ? null : dryRunKeys.encode({ afterWorkItem: page.next }),
      });
    },
  );
}

function changed(present: RuleData, change: DryRunBody['rule']): RuleData {
  const { exceptionTypeId, ...given } = givenOf(change ?? {});
  const type = exceptionTypeId === undefined ? {} : { exceptionType: String(exceptionTypeId) };
  return { ...present, ...given, ...type } as RuleData;
}

/** The rule is a part of the body. */
function inRule(refusal: Refusal): Refusal {
  const { code, message, errors = [] } = told(refusal);
  const placed = errors.map((fault) => ({ ...fault, pointer: `/rule${fault.pointer}` }));
  return refuse(code, message, { errors: placed });
}

function toWire({ authorizationNumber, outcome, would, is }: DryRunLine) {
  return {
    tbsWorkItemAuthorizationNumber: String(authorizationNumber),
    outcome,
    ticketExceptionId: is?.number ?? null,
    wouldOpenAt: would ? wireTime(would.openedAt) : null,
    wouldBeSettledAt: would?.settledAt ? wireTime(would.settledAt) : null,
  };
}
