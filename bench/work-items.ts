import { requestText } from './http-connection.ts';

/** Events in one call, the most that is taken. */
export const EVENTS_PER_CALL = 1_000;
const PATH = '/ticketExceptions/v1/workItemEvents';
const DAY_MS = 86_400_000;

export interface ExampleEvent {
  readonly id: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly authorizationNumber: number;
  readonly requestType: number;
  readonly serviceProviderId: number;
  readonly serviceProviderName: string;
  readonly data: Readonly<Record<string, unknown>>;
}

function about(item: number, at: Date) {
  return {
    occurredAt: at.toISOString(),
    authorizationNumber: item,
    requestType: 1 + (item % 5),
    serviceProviderId: 9_000 + (item % 400),
    serviceProviderName: `Service provider ${9_000 + (item % 400)}`,
  };
}

/** The life of a work item so far: opened, dispatched, accepted with an ETA, on site, an extension asked for. */
export function lifeOf(item: number, at: Date): ExampleEvent[] {
  const etaAt = new Date(at.getTime() + DAY_MS).toISOString();
  const steps: readonly (readonly [string, Record<string, unknown>])[] = [
    ['NewWorkItem', { priority: 2 + (item % 3), status: 'new' }],
    ['StatusEvent', { status: 'dispatched' }],
    ['StatusEvent', { status: 'accepted', etaAt }],
    ['StatusEvent', { status: 'onSite' }],
    ['NotToExceedExtensionCreated', { amount: 450.5 }],
  ];
  return steps.map(([type, data], index) => ({
    id: `life-${item}-${index}`,
    type,
    ...about(item, new Date(at.getTime() + index * 60_000)),
    data,
  }));
}

/** A new work item that two triggers wait for, none of them within the next hours. */
export function waiting(item: number, now: Date): ExampleEvent {
  const etaAt = new Date(now.getTime() + 30 * DAY_MS).toISOString();
  return { id: `wait-${item}`, type: 'NewWorkItem', ...about(item, now), data: { priority: 4, etaAt } };
}

/** A new work item whose `NO_STATUS_UPDATE` is due at a moment: with its priority, 24 hours after it was opened. */
export function dueAt(item: number, moment: Date): ExampleEvent {
  const etaAt = new Date(moment.getTime() + 30 * DAY_MS).toISOString();
  const openedAt = new Date(moment.getTime() - DAY_MS);
  return { id: `due-${item}`, type: 'NewWorkItem', ...about(item, openedAt), data: { priority: 2, etaAt } };
}

/** Requests that take these events in, each with as many as one call takes. */
export function callsOf(
  events: readonly ExampleEvent[],
  headers: Readonly<Record<string, string>>,
): string[] {
  const calls: string[] = [];
  for (let first = 0; first < events.length; first += EVENTS_PER_CALL) {
    const part = events.slice(first, first + EVENTS_PER_CALL);
    calls.push(requestText('POST', PATH, headers, JSON.stringify(part)));
  }
  return calls;
}
