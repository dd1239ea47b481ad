import { describe, expect, it } from 'vitest';
import { actorOf } from '../../test/actors.ts';
import { deepFreeze } from '../../test/deep-freeze.ts';
import { type ErrandTransition, errandKind } from '../../test/kind.ts';
import { systemActor } from '../kernel/actor.ts';
import { allowedTransitions, available } from './available.ts';
import { emptyCatalogue } from './collection.ts';
import { decide } from './decide.ts';
import type { DecideContext, Decision } from './decision.ts';
import type { Input } from './kind.ts';
import { WRITE_PERMISSION } from './staff.ts';
import { nextDueAt, type Ticket } from './ticket.ts';

const T0 = new Date('2026-11-21T10:00:00.000Z');
const requester = actorOf('home', 'guest');
const resolver = actorOf('home', 'home');
const stranger = actorOf('home', 'other');
const staff = { ...actorOf('home', null), permissions: new Set([WRITE_PERMISSION]) };
const birth = { id: '019ab000-0000-7000-8000-000000000001', number: 84, key: 'RED-84' };

function minute(count: number): Date {
  return new Date(T0.getTime() + count * 60_000);
}

function context(actor = requester, now = T0): DecideContext {
  return { actor, now, settings: {}, catalogue: emptyCatalogue, contract: 'test' };
}

function decided(outcome: ReturnType<typeof decide>): Decision {
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`);
  return outcome;
}

function ask(input: Input = { title: 'Milk' }): Decision {
  const command = { type: 'create', name: 'ask', input } as const;
  return decided(decide(errandKind, null, command, { ...context(), birth }));
}

const inputs: Input = { question: 'Which?', outcome: 'Bought.', spentMinutes: 5 };

function go(ticket: Ticket, name: ErrandTransition, actor = resolver, now = T0, input = inputs) {
  const command = deepFreeze({ type: 'transition', name, input } as const);
  return decide(errandKind, deepFreeze(ticket), command, deepFreeze(context(actor, now)));
}

const fresh = ask().ticket;
const open = decided(go(fresh, 'accept')).ticket;
const waiting = decided(go(open, 'wait')).ticket;

describe('a creation', () => {
  it('makes the whole ticket and its event', () => {
    const decision = ask({ title: 'Milk', priority: 2, tags: ['shop'], uniqueKey: 'u', text: 'two bottles' });
    expect(decision).toEqual({
      ok: true,
      ticket: {
        account: 'home',
        ...birth,
        kind: 'errand',
        state: 'new',
        category: 'initial',
        version: 1,
        title: 'Milk',
        priority: 2,
        assignee: null,
        queue: null,
        customer: null,
        tags: ['shop'],
        issuer: 'guest',
        owner: 'home',
        externalReference: null,
        uniqueKey: 'u',
        fields: { title: 'Milk', priority: 2, tags: ['shop'], uniqueKey: 'u' },
        timers: {},
        createdAt: T0,
        updatedAt: T0,
        closedAt: null,
      },
      expectedVersion: 0,
      event: {
        ticket: birth.id,
        kind: 'errand',
        type: 'ticket.created',
        name: 'ask',
        from: null,
        to: 'new',
        version: 1,
        actor: {
          id: 'client-of-guest',
          name: 'The client of guest',
          type: 'client',
          party: 'guest',
          role: 'requester',
        },
        contract: 'test',
        reason: null,
        data: { title: 'Milk', priority: 2, tags: ['shop'], uniqueKey: 'u' },
        at: T0,
      },
      timersStarted: [],
      timersEnded: [],
      searchText: 'RED-84 Milk two bottles',
      attachments: [],
      links: [],
    });
  });

  it.each([
    ['accept', requester, 'invalidTransition', 'accept does not create a ticket of kind errand.'],
    ['gone', requester, 'invalidTransition', 'gone does not create a ticket of kind errand.'],
    ['constructor', requester, 'invalidTransition', 'constructor does not create a ticket of kind errand.'],
    ['ask', actorOf('home', null), 'forbidden', 'You may not create tickets of kind errand.'],
  ])('by %s is refused', (name, actor, code, message) => {
    const command = { type: 'create', name, input: { title: 'Milk' } } as const;
    expect(decide(errandKind, null, command, { ...context(actor), birth })).toEqual({
      ok: false,
      code,
      message,
    });
  });

  it('is refused where the kind refuses it', () => {
    const command = { type: 'create', name: 'ask', input: { fault: 'No milk.' } } as const;
    expect(decide(errandKind, null, command, { ...context(), birth })).toMatchObject({
      ok: false,
      code: 'invalidRequest',
      errors: [{ pointer: '/fault', message: 'No milk.' }],
    });
  });
});

describe('a transition', () => {
  it('moves the ticket on by one version and tells what happened', () => {
    const { ticket, event, expectedVersion } = decided(go(fresh, 'accept', resolver, minute(1)));
    expect(ticket).toEqual({
      ...fresh,
      state: 'open',
      category: 'active',
      version: 2,
      updatedAt: minute(1),
      fields: { ...fresh.fields, ...inputs },
    });
    expect(expectedVersion).toBe(1);
    expect(event).toMatchObject({
      type: 'ticket.transitioned',
      name: 'accept',
      from: 'new',
      to: 'open',
      version: 2,
      at: minute(1),
    });
  });

  it('that changes no state is an event all the same', () => {
    expect(decided(go(open, 'note')).event).toMatchObject({
      name: 'note',
      from: 'open',
      to: 'open',
      version: 3,
    });
  });

  it('names every input that is missing', () => {
    expect(go(open, 'resolve', resolver, T0, { outcome: null })).toEqual({
      ok: false,
      code: 'invalidRequest',
      message: 'The request breaks one or more rules; every fault is listed with its place.',
      errors: [
        { pointer: '/outcome', message: 'is required for this transition' },
        { pointer: '/spentMinutes', message: 'is required for this transition' },
      ],
    });
  });

  it('of the other role is refused, and says whose it is', () => {
    expect(go(fresh, 'accept', requester)).toEqual({
      ok: false,
      code: 'notYourTransition',
      message: 'accept belongs to resolver; you are requester.',
      data: { state: 'new', transition: 'accept', role: 'requester' },
    });
  });

  it('from another state, or that does not exist, is refused', () => {
    for (const name of ['wait', 'gone', 'ask', 'constructor', '__proto__']) {
      expect(go(fresh, name as ErrandTransition)).toEqual({
        ok: false,
        code: 'invalidTransition',
        message: `${name} cannot be done from new.`,
        data: { state: 'new', transition: name },
      });
    }
  });

  it('by somebody without a role finds no ticket', () => {
    expect(go(fresh, 'accept', stranger)).toMatchObject({ ok: false, code: 'ticketNotFound' });
  });

  it('to a final state keeps the moment, and leaving it forgets the moment', () => {
    const done = decided(go(open, 'resolve', resolver, minute(5))).ticket;
    expect(done).toMatchObject({ state: 'done', category: 'final', closedAt: minute(5) });
    expect(decided(go(done, 'reopen', requester, minute(6))).ticket).toMatchObject({
      state: 'open',
      category: 'active',
      closedAt: null,
    });
  });
});

describe('timers', () => {
  it('start with the durations that the account has set', () => {
    const settings = { 'errand.patience': 'PT2H' };
    const command = { type: 'transition', name: 'wait', input: inputs } as const;
    const decision = decided(decide(errandKind, open, command, { ...context(resolver), settings }));
    expect(decision.timersStarted).toEqual([
      { id: decision.ticket.timers.reminder?.id, name: 'reminder', dueAt: minute(30) },
      { id: decision.ticket.timers.patience?.id, name: 'patience', dueAt: minute(120) },
    ]);
    expect(decision.timersEnded).toEqual([]);
    expect(nextDueAt(decision.ticket)).toEqual(minute(30));
    expect(nextDueAt(open)).toBeNull();
  });

  it('stay through a transition that does not speak of them', () => {
    const decision = decided(go(waiting, 'note'));
    expect(decision.ticket.timers).toEqual(waiting.timers);
    expect([decision.timersStarted, decision.timersEnded]).toEqual([[], []]);
  });

  it.each([
    ['are cancelled by a transition that says so', 'answer', requester],
    ['all end in a final state', 'resolve', resolver],
  ] as const)('%s', (_, name, actor) => {
    const decision = decided(go(waiting, name, actor));
    expect(decision.ticket.timers).toEqual({});
    expect([...decision.timersEnded].sort()).toEqual(
      Object.values(waiting.timers)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('do what they fire, whenever that is, and are gone then', () => {
    const decision = decided(go(waiting, 'remind', systemActor('home'), minute(31), {}));
    expect(decision.ticket).toMatchObject({
      state: 'waiting',
      timers: { patience: waiting.timers.patience },
    });
    expect(decision.ticket.timers).not.toHaveProperty('reminder');
    expect(decision.timersEnded).toEqual([waiting.timers.reminder?.id]);
    expect(decision.event.actor).toEqual({
      id: 'system',
      name: 'Tessera',
      type: 'system',
      party: 'home',
      role: 'timer',
    });
    expect(go(waiting, 'giveUp', systemActor('home'), minute(1), {})).toMatchObject({ ok: true });
  });

  it('do nothing once they are gone', () => {
    const { ticket } = decided(go(waiting, 'remind', systemActor('home'), minute(31), {}));
    expect(go(ticket, 'remind', systemActor('home'), minute(32), {})).toMatchObject({
      code: 'invalidTransition',
      message: 'The timer reminder is not pending.',
    });
  });

  it('do only what they fire', () => {
    expect(go(waiting, 'resolve', systemActor('home'))).toMatchObject({
      code: 'notYourTransition',
      message: 'resolve is not done by a timer.',
    });
  });

  it('are not what the system acts for where its command names a role', () => {
    const command = { type: 'transition', name: 'resolve', input: inputs, as: 'resolver' } as const;
    const asSystem = (more: object) =>
      decide(errandKind, waiting, { ...command, ...more }, context(systemActor('home'), minute(1)));
    const decision = decided(asSystem({}));
    expect(decision.ticket.state).toBe('done');
    expect(decision.event.actor).toMatchObject({ type: 'system', role: 'resolver' });
    expect(asSystem({ as: 'requester' })).toMatchObject({ code: 'notYourTransition' });
    expect(asSystem({ name: 'giveUp', input: {} })).toMatchObject({ data: { notBefore: expect.anything() } });
    expect(decide(errandKind, waiting, command, context(requester))).toMatchObject({
      code: 'notYourTransition',
      message: 'resolve belongs to resolver; you are requester.',
    });
  });

  it('keep their transition from everybody else until they are due', () => {
    expect(go(waiting, 'giveUp', resolver, minute(59))).toEqual({
      ok: false,
      code: 'invalidTransition',
      message: 'giveUp may be done from 2026-11-21T11:00:00.000Z on.',
      data: { state: 'waiting', transition: 'giveUp', notBefore: '2026-11-21T11:00:00.000Z' },
    });
    const decision = decided(go(waiting, 'giveUp', resolver, minute(60)));
    expect(decision.ticket).toMatchObject({ state: 'done', timers: {} });
    expect(decision.timersEnded).toHaveLength(2);
  });
});

describe('an edit', () => {
  it('changes what the kind lets it change, and nothing else', () => {
    const command = { type: 'edit', input: { title: 'Oat milk', priority: 1 } } as const;
    const { ticket, event, searchText } = decided(
      decide(errandKind, deepFreeze(waiting), command, context(requester, minute(1))),
    );
    expect(ticket).toEqual({
      ...waiting,
      title: 'Oat milk',
      priority: 1,
      fields: { ...waiting.fields, title: 'Oat milk', priority: 1 },
      version: waiting.version + 1,
      updatedAt: minute(1),
    });
    expect(event).toMatchObject({ type: 'ticket.edited', name: null, from: 'waiting', to: 'waiting' });
    expect(searchText).toBe('Oat milk');
  });

  it('is refused where the kind refuses it', () => {
    const command = { type: 'edit', input: { fault: 'No.' } } as const;
    expect(decide(errandKind, waiting, command, context())).toMatchObject({
      ok: false,
      code: 'invalidRequest',
    });
  });
});

describe('a comment', () => {
  it('is an event that the ticket is found by', () => {
    const command = { type: 'comment', body: 'Hurry up', visibility: 'public' } as const;
    const { ticket, event, searchText } = decided(decide(errandKind, deepFreeze(open), command, context()));
    expect(ticket).toEqual({ ...open, version: open.version + 1 });
    expect(event).toMatchObject({
      type: 'ticket.commented',
      data: { body: 'Hurry up', visibility: 'public' },
    });
    expect(searchText).toBe('Hurry up');
  });

  it('adds no words to a ticket that another party shares when it is internal', () => {
    const command = { type: 'comment', body: 'Hurry up', visibility: 'internal' } as const;
    const { event, searchText } = decided(decide(errandKind, open, command, context()));
    expect(event).toMatchObject({ data: { body: 'Hurry up', visibility: 'internal' } });
    expect(searchText).toBe('');
    const alone = { ...open, issuer: null, owner: null };
    expect(decided(decide(errandKind, alone, command, context(staff))).searchText).toBe('Hurry up');
  });
});

describe('available', () => {
  it('lists every transition with the answer for this actor and moment', () => {
    const list = available(errandKind, waiting, resolver, minute(30));
    expect(list.map(({ name, allowed, refusal }) => [name, allowed, refusal?.code ?? null])).toEqual([
      ['accept', false, 'invalidTransition'],
      ['wait', false, 'invalidTransition'],
      ['answer', false, 'notYourTransition'],
      ['note', true, null],
      ['resolve', true, null],
      ['withdraw', false, 'notYourTransition'],
      ['remind', true, null],
      ['giveUp', false, 'invalidTransition'],
      ['reopen', false, 'invalidTransition'],
    ]);
    expect(list.find(({ name }) => name === 'resolve')).toEqual({
      name: 'resolve',
      label: 'Resolve',
      to: 'done',
      requires: ['outcome', 'spentMinutes'],
      allowed: true,
      refusal: null,
    });
    expect(list.find(({ name }) => name === 'note')?.to).toBe('waiting');
  });

  it('gives a stranger nothing', () => {
    expect(available(errandKind, waiting, stranger, T0).every(({ allowed }) => !allowed)).toBe(true);
    expect(allowedTransitions(errandKind, waiting, stranger, T0)).toEqual([]);
  });

  it('gives the system what pending timers fire', () => {
    expect(allowedTransitions(errandKind, waiting, systemActor('home'), T0)).toEqual(['remind', 'giveUp']);
    expect(allowedTransitions(errandKind, open, systemActor('home'), T0)).toEqual([]);
  });
});
