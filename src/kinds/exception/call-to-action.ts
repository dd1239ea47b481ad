import type { Catalogue } from '../../core/collection.ts';
import { CALL_TO_ACTIONS, type CallToAction } from './collections.ts';
import type { Shift } from './fields.ts';

/**
 * What is to be done about an exception of this type, null where nobody has said. Of several that match the one with the
 * lowest priority number counts; of the same, the one for just this request type.
 */
export function findCallToAction(
  catalogue: Catalogue,
  typeIdentifier: string,
  requestType: number | null,
): CallToAction | null {
  const [best] = catalogue
    .entries(CALL_TO_ACTIONS)
    .map(({ data }) => data as CallToAction)
    .filter(
      (action) =>
        action.exceptionTypeIdentifier === typeIdentifier &&
        (isForAny(action) || action.tbsWorkItemRequestType === requestType),
    )
    .sort((a, b) => priorityOf(a) - priorityOf(b) || Number(isForAny(a)) - Number(isForAny(b)));
  return best ?? null;
}

/** The template for those on duty, null where there is none. */
export function templateFor(action: CallToAction, shift: Shift): string | null {
  const template = {
    dayside: action.templateForDayside,
    afterHours: action.templateForAfterHours,
    westpark: action.templateForWestpark,
  }[shift];
  return template || null;
}

/** The lowest number goes first. */
export function priorityOf({ priority = 0 }: CallToAction): number {
  return priority;
}

function isForAny({ tbsWorkItemRequestType }: CallToAction): boolean {
  return tbsWorkItemRequestType === undefined || tbsWorkItemRequestType === null;
}
