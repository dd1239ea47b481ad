import { findCallToAction, templateFor } from '../call-to-action.ts';
import { helpDeskFor } from '../help-desk/port.ts';
import type { Rule } from '../rules/rule.ts';
import { shiftOf } from '../shifts.ts';
import { renderChecked } from '../templates/render.ts';
import { templateValues } from '../templates/variables.ts';
import type { OpenInput } from '../ticket.ts';
import { factValue, type WorkItem } from '../work-item.ts';
import type { RuleSet } from './rule-set.ts';

const LONGEST_TITLE = 1000;

/** What is given to the opening of an exception. */
export function openingOf(item: WorkItem, rule: Rule, ruleSet: RuleSet, now: Date): OpenInput {
  const { calendar, catalogue, settings } = ruleSet;
  const { timeZone } = calendar.definition;
  const numberOf = (fact: string) => factValue(item, fact) as number | null;
  const subject = {
    authorizationNumber: item.authorizationNumber,
    requestType: numberOf('requestType'),
    serviceProviderId: numberOf('serviceProviderId'),
    serviceProviderName: factValue(item, 'serviceProviderName') as string | null,
  };
  const values = templateValues({ ...subject, exceptionType: rule.typeName }, now);
  const shift = shiftOf(factValue(item, 'team'), calendar, now);
  const action = findCallToAction(catalogue, rule.typeName, subject.requestType);
  const template = action && templateFor(action, shift);
  // A cut in the middle of a character would leave half of it, which cannot be stored.
  const title = renderChecked(rule.subject, values, timeZone).slice(0, LONGEST_TITLE).toWellFormed();
  return {
    ...subject,
    title: title.trim() || rule.typeName,
    type: rule.exceptionType,
    typeName: rule.typeName,
    rule: rule.key,
    priority: numberOf('priority'),
    comment: renderChecked(rule.comment, values, timeZone).toWellFormed(),
    shift,
    callToAction: template && renderChecked(template, values, timeZone).toWellFormed(),
    system: helpDeskFor(settings),
  };
}
