import type { Actor } from '../kernel/actor.ts';
import { parseDuration } from '../kernel/duration.ts';
import { invalid, type Refusal, refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/id.ts';
import type { Settings } from '../kernel/settings.ts';
import { transitionRefusal, transitionRole } from './available.ts';
import type { Command, EditCommand } from './command.ts';
import { type DecideContext, type Decision, eventActor, type TimerStart } from './decision.ts';
import type { EventType, TicketEvent } from './event.ts';
import type { Change, Input, Kind } from './kind.ts';
import { editsAll, STAFF_ROLE, SYSTEM_ROLE } from './staff.ts';
import type { PendingTimer, Ticket } from './ticket.ts';
import type { StateDefinition, TransitionDefinition } from './workflow.ts';

/**
 * The pure answer to a command: the ticket as it will be with its event and timers, or a refusal that leaves
 * everything as it was. Reads no clock, no database and no randomness but new timers' ids.
 * @param ticket null for a creation
 */
export function decide(
  kind: Kind,
  ticket: Ticket | null,
  command: Command,
  context: DecideContext,
): Decision | Refusal {
  if (command.type === 'create') return decideCreation(kind, command.name, command.input, context);
  const role = ticket && roleFor(kind, ticket, command, context.actor);
  if (!ticket || role === null) return refuse('ticketNotFound');
  if (command.type === 'transition') {
    return decideTransition(kind, ticket, role, command.name, command.input, context);
  }
  if (command.type === 'edit') return decideEdit(kind, ticket, role, command, context);
  if (command.type === 'comment') {
    const { body, visibility, about } = command;
    const data = { body, visibility, ...(about && { about }) };
    return written(ticket, {}, context, role, 'ticket.commented', {
      ok: true,
      set: {},
      data,
      searchText: isHidden(ticket, visibility) ? '' : body,
    });
  }
  const { relation, other } = command;
  const type = command.type === 'link' ? 'ticket.linked' : 'ticket.unlinked';
  return written(ticket, {}, context, role, type, { ok: true, set: {}, data: { relation, other } });
}

/** Both sides of a ticket find it by its words, so words that only the account's own people may read are none of them. */
function isHidden({ issuer, owner }: Ticket, visibility: 'public' | 'internal'): boolean {
  return visibility === 'internal' && (issuer !== null || owner !== null);
}

function roleFor(kind: Kind, ticket: Ticket, command: Command, actor: Actor): string | null {
  if (command.type === 'transition') return transitionRole(kind, ticket, actor, command.as);
  if (actor.type === 'system') return SYSTEM_ROLE;
  const role = transitionRole(kind, ticket, actor);
  return role === null && editsAll(actor) ? STAFF_ROLE : role;
}

function decideCreation(kind: Kind, name: string, input: Input, context: DecideContext): Decision | Refusal {
  const { actor, now, birth, settings, catalogue } = context;
  if (!birth) throw new Error('A creation is decided with its id, number and key');
  const transition = kind.workflow.transitions[name];
  if (transition?.from !== null || transition.to === null) {
    return refuse('invalidTransition', `${name} does not create a ticket of kind ${kind.name}.`);
  }
  const role = kind.creatorRole(actor);
  if (role === null || !transition.by.includes(role)) {
    return refuse('forbidden', `You may not create tickets of kind ${kind.name}.`);
  }
  const missing = missingInput(transition, input);
  if (missing) return missing;
  const change = kind.change(null, name, input, { actor, role, key: birth.key, now, settings, catalogue });
  if (!change.ok) return change;
  const { category } = kind.workflow.states[transition.to] as StateDefinition;
  const timers = nextTimers(kind, {}, name, transition, category === 'final', now, settings);
  const ticket: Ticket = {
    account: actor.account,
    id: birth.id,
    kind: kind.name,
    number: birth.number,
    key: birth.key,
    state: transition.to,
    category,
    version: 1,
    title: '',
    priority: null,
    assignee: null,
    queue: null,
    customer: null,
    tags: [],
    issuer: null,
    owner: null,
    externalReference: null,
    uniqueKey: null,
    fields: {},
    ...change.set,
    timers: timers.pending,
    createdAt: now,
    updatedAt: now,
    closedAt: category === 'final' ? now : null,
  };
  return {
    ok: true,
    ticket,
    expectedVersion: 0,
    event: toEvent(ticket, null, 'ticket.created', name, role, change, context),
    timersStarted: timers.started,
    timersEnded: [],
    searchText: `${ticket.key} ${ticket.title} ${change.searchText ?? ''}`,
    attachments: change.attachments ?? [],
    links: change.links ?? [],
  };
}

function decideTransition(
  kind: Kind,
  ticket: Ticket,
  role: string,
  name: string,
  input: Input,
  context: DecideContext,
): Decision | Refusal {
  const { actor, now, settings, catalogue } = context;
  const refusal = transitionRefusal(kind, ticket, role, name, now);
  if (refusal) return refusal;
  const transition = kind.workflow.transitions[name] as TransitionDefinition;
  const missing = missingInput(transition, input);
  if (missing) return missing;
  const change = kind.change(ticket, name, input, { actor, role, key: ticket.key, now, settings, catalogue });
  if (!change.ok) return change;
  const state = transition.to ?? ticket.state;
  const { category } = kind.workflow.states[state] as StateDefinition;
  const timers = nextTimers(kind, ticket.timers, name, transition, category === 'final', now, settings);
  const moved = {
    state,
    category,
    timers: timers.pending,
    closedAt: category === 'final' ? (ticket.closedAt ?? now) : null,
  };
  return {
    ...written(ticket, moved, context, role, 'ticket.transitioned', change, name),
    timersStarted: timers.started,
    timersEnded: timers.ended,
  };
}

function decideEdit(
  kind: Kind,
  ticket: Ticket,
  role: string,
  { input, common = {} }: EditCommand,
  context: DecideContext,
): Decision | Refusal {
  const { actor, now, settings, catalogue } = context;
  const change = kind.change(ticket, null, input, { actor, role, key: ticket.key, now, settings, catalogue });
  if (!change.ok) return change;
  const told = { ...change, data: { ...change.data, changed: { ...input, ...common } } };
  return written(ticket, common, context, role, 'ticket.edited', told);
}

function written(
  before: Ticket,
  moved: Partial<Ticket>,
  context: DecideContext,
  role: string,
  type: EventType,
  change: Change,
  name: string | null = null,
): Decision {
  if (change.links?.some(({ relation }) => relation === 'parent')) {
    throw new Error(`A ${before.kind} ticket cannot be given a parent by a change: it could become its own.`);
  }
  const ticket: Ticket = {
    ...before,
    ...change.set,
    ...moved,
    version: before.version + 1,
    updatedAt: context.now,
  };
  return {
    ok: true,
    ticket,
    expectedVersion: before.version,
    event: toEvent(ticket, before.state, type, name, role, change, context),
    timersStarted: [],
    timersEnded: [],
    searchText: `${ticket.title === before.title ? '' : ticket.title} ${change.searchText ?? ''}`.trim(),
    attachments: change.attachments ?? [],
    links: change.links ?? [],
  };
}

function toEvent(
  ticket: Ticket,
  from: string | null,
  type: EventType,
  name: string | null,
  role: string,
  change: Change,
  context: DecideContext,
): TicketEvent {
  return {
    ticket: ticket.id,
    kind: ticket.kind,
    type,
    name,
    from,
    to: ticket.state,
    version: ticket.version,
    actor: eventActor(context.actor, role),
    contract: context.contract,
    reason: change.reason ?? null,
    data: eventData(change),
    at: context.now,
  };
}

/** Hand-offs and settlements are told only where the kind asks for them: what a client calls so in its input is none. */
function eventData({ data = {}, handOff, settlement }: Change): TicketEvent['data'] {
  const asks = { ...(handOff && { handOff }), ...(settlement && { settlement }) };
  if (!('handOff' in data || 'settlement' in data))
    return handOff || settlement ? { ...data, ...asks } : data;
  const { handOff: _, settlement: __, ...rest } = data;
  return { ...rest, ...asks };
}

function missingInput(transition: TransitionDefinition, input: Input): Refusal | null {
  const missing = (transition.requires ?? []).filter(
    (field) => input[field] === undefined || input[field] === null,
  );
  if (missing.length === 0) return null;
  return invalid(
    missing.map((field) => ({ pointer: `/${field}`, message: 'is required for this transition' })),
  );
}

interface TimerChange {
  readonly pending: Record<string, PendingTimer>;
  readonly started: TimerStart[];
  readonly ended: string[];
}

/** The timers after a transition: what fired or was cancelled is gone, what it starts runs from now. */
function nextTimers(
  kind: Kind,
  before: Ticket['timers'],
  name: string,
  transition: TransitionDefinition,
  isFinal: boolean,
  now: Date,
  settings: Settings,
): TimerChange {
  const pending: Record<string, PendingTimer> = {};
  const ended: string[] = [];
  const starts = transition.starts ?? [];
  for (const [timer, state] of Object.entries(before)) {
    const fired = kind.workflow.timers[timer]?.fires === name;
    if (isFinal || fired || transition.cancels?.includes(timer) || starts.includes(timer))
      ended.push(state.id);
    else pending[timer] = state;
  }
  const started = isFinal ? [] : starts.map((timer) => startTimer(kind, timer, now, settings));
  for (const { name: timer, id, dueAt } of started) pending[timer] = { id, dueAt };
  return { pending, started, ended };
}

function startTimer(kind: Kind, name: string, now: Date, settings: Settings): TimerStart {
  const key = kind.workflow.timers[name]?.after.setting;
  const definition = kind.settings.find((setting) => setting.key === key);
  if (!key || !definition) throw new Error(`Timer ${name} of ${kind.name} has no setting for its duration`);
  const delayMs = parseDuration(settings[key] ?? definition.default);
  if (delayMs === null) throw new Error(`Setting ${key} is not a duration`);
  return { id: newId(now), name, dueAt: new Date(now.getTime() + delayMs) };
}
