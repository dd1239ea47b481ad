import { describe, expect, it } from 'vitest';
import { actorOf } from '../../../test/actors.ts';
import { catalogueOf, emptyCatalogue } from '../../core/collection.ts';
import { decide } from '../../core/decide.ts';
import type { HandOff } from '../../core/hand-off.ts';
import { compileSchema } from '../../http/schema-compile.ts';
import { type Actor, systemActor } from '../../kernel/actor.ts';
import { deskKind } from './kind.ts';
import { DESK_STATES, type DeskState } from './workflow.ts';

const now = new Date('2026-03-02T09:00:00.000Z');
const birth = { id: '019ab000-0000-7000-8000-000000000001', number: 1, key: 'HD-1' };
const context = (actor: Actor) => ({
  ...{ actor, now, birth, contract: 'test' },
  ...{ settings: {}, catalogue: emptyCatalogue },
});

describe('a ticket that another kind hands over', () => {
  const handOff: HandOff = {
    kind: 'desk',
    queue: '7',
    title: 'Refund is missing',
    description: 'The courier never came.',
    priority: 9,
    customer: 'C-8812',
    contact: { name: 'Ana Ruiz', email: 'ana@example.com' },
    reference: 'CC-12',
    party: null,
    input: {},
  };

  const group = { collection: 'groups', version: 1, createdAt: null, updatedAt: null };
  const catalogue = catalogueOf(new Map([['groups', [{ ...group, key: '7', data: { name: 'Returns' } }]]]));

  function receive(more: Partial<HandOff> = {}) {
    const input = deskKind.receives?.input({ ...handOff, ...more }, { now, ordinal: 1 }) ?? {};
    const name = deskKind.receives?.transition ?? '';
    const command = { type: 'create', name, input } as const;
    const given = { ...context(systemActor('default')), catalogue };
    return { input, decision: decide(deskKind, null, command, given) };
  }

  it('is opened by the system, from the customer and with what was handed over', () => {
    const { input, decision } = receive();
    expect(compileSchema(deskKind.createSchema).check(input)).toEqual({ ok: true, value: input });
    expect(decision).toMatchObject({
      ok: true,
      ticket: {
        state: 'new',
        title: 'Refund is missing',
        priority: 4,
        queue: '7',
        customer: null,
        externalReference: 'CC-12',
        fields: { customerName: 'Ana Ruiz C-8812', fromName: 'Ana Ruiz', from: 'ana@example.com' },
      },
      event: { data: { content: 'The courier never came.' } },
      searchText: expect.stringContaining('ana@example.com'),
    });
  });

  it('is from nobody where the other kind knows no customer', () => {
    const { contact: _, ...unknown } = handOff;
    const input = deskKind.receives?.input({ ...unknown, customer: null }, { now, ordinal: 1 });
    for (const name of ['from', 'fromName', 'customerName']) expect(input).not.toHaveProperty(name);
  });

  it('takes what only a help-desk ticket knows', () => {
    expect(receive({ input: { tags: ['vip'], direction: 'inbound' } }).decision).toMatchObject({
      ok: true,
      ticket: { tags: ['vip'], fields: { direction: 'inbound' } },
    });
  });

  it('is refused for a group that there is not', () => {
    const errors = [{ pointer: '/queue', message: 'there is no group 8' }];
    expect(receive({ queue: '8' }).decision).toMatchObject({ ok: false, errors });
  });
});

describe('a ticket whose matter is settled elsewhere', () => {
  const { receives } = deskKind;
  const opened = decide(
    deskKind,
    null,
    { type: 'create', name: 'create', input: {} },
    context(systemActor('default')),
  );
  const ticketIn = (state: DeskState) => {
    if (!opened.ok) throw new Error(opened.message);
    return { ...opened.ticket, state, category: deskKind.workflow.states[state]?.category ?? 'active' };
  };

  it.each(DESK_STATES)('is solved by the system, from %s, unless it is done already', (state) => {
    const ticket = ticketIn(state);
    const steps = receives?.settle?.(ticket) ?? [];
    expect(steps).toHaveLength(receives?.done?.includes(state) ? 0 : 1);
    for (const { transition: name, as, input } of steps) {
      const command = { type: 'transition', name, as, input } as const;
      expect(decide(deskKind, ticket, command, context(systemActor('default')))).toMatchObject({
        ok: true,
        ticket: { state: 'solved' },
        event: { actor: { type: 'system', role: 'agent' } },
      });
    }
  });
});

describe('who plays a part', () => {
  const roleOf = (more: Partial<Actor>) => {
    const actor = { ...actorOf('default', null), ...more };
    const decision = decide(
      deskKind,
      null,
      { type: 'create', name: 'create', input: {} },
      context(systemActor('default')),
    );
    if (!decision.ok) throw new Error(decision.message);
    return [deskKind.creatorRole(actor), deskKind.roleOf(decision.ticket, actor)];
  };

  it.each([
    [['TICKET_READ'], null, [null, null]],
    [['TICKET_CREATE'], null, ['agent', null]],
    [['TICKET_UPDATE'], null, [null, 'agent']],
    [['SET_STATUS'], 'default', [null, 'agent']],
    [['TICKET_BATCH'], null, [null, 'agent']],
    [['admin'], null, ['agent', 'agent']],
    [['admin'], 'partner', [null, null]],
  ])('with %j for the party %s: %j', (permissions, party, roles) => {
    expect(roleOf({ permissions: new Set(permissions), party })).toEqual(roles);
  });
});
