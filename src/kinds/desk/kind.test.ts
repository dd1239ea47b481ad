import { describe, expect, it } from 'vitest';
import { actorOf } from '../../../test/actors.ts';
import { emptyCatalogue } from '../../core/collection.ts';
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
    queue: 'returns',
    title: 'Refund is missing',
    description: 'The courier never came.',
    priority: 9,
    customer: 'C-8812',
    reference: 'CC-12',
    party: null,
    input: {},
  };

  it('is opened by the system, with what was handed over', () => {
    const input = deskKind.receives?.input(handOff, { now, ordinal: 1 }) ?? {};
    expect(compileSchema(deskKind.createSchema).check(input)).toEqual({ ok: true, value: input });
    const name = deskKind.receives?.transition ?? '';
    const decision = decide(deskKind, null, { type: 'create', name, input }, context(systemActor('default')));
    expect(decision).toMatchObject({
      ok: true,
      ticket: {
        state: 'new',
        title: 'Refund is missing',
        priority: 4,
        queue: null,
        customer: null,
        externalReference: 'CC-12',
        fields: { customerName: 'C-8812', fromName: ' ' },
      },
      event: { data: { content: 'The courier never came.' } },
    });
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
