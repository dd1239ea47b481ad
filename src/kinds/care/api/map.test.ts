import { describe, expect, it } from 'vitest';
import { emptyCatalogue } from '../../../core/collection.ts';
import { decide } from '../../../core/decide.ts';
import type { Ticket } from '../../../core/ticket.ts';
import type { Actor } from '../../../kernel/actor.ts';
import { newId } from '../../../kernel/id.ts';
import type { CareFields } from '../fields.ts';
import { careKind } from '../kind.ts';
import type { ChildLink } from '../store.ts';
import { toWire, type View } from './map.ts';

const now = new Date('2026-03-02T09:00:00.999Z');
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const agent: Actor = {
  account: 'default',
  id: 'agent',
  name: 'agent',
  type: 'person',
  party: null,
  persona: null,
  permissions: new Set(['care.work']),
};

function ticketWith(fields: Partial<CareFields>): Ticket {
  const decision = decide(
    careKind,
    null,
    { type: 'create', name: 'create', input: {} },
    {
      actor: agent,
      now,
      settings: {},
      catalogue: emptyCatalogue,
      contract: 'care',
      birth: { id: newId(now), number: 1, key: 'CC-1' },
    },
  );
  if (!decision.ok) throw new Error(decision.message);
  return { ...decision.ticket, fields: { ...decision.ticket.fields, ...fields } };
}

const view: View = {
  now,
  catalogue: emptyCatalogue,
  agentLanguages: ['en'],
  ownLanguage: 'en',
  children: [],
};
const escalation = (minutes: number) => ({
  ticketId: null,
  ticketIdType: 'PANDACARE' as const,
  ticketCategory: 'ESCALATED' as const,
  creator: 'agent',
  createdAt: at(minutes).toISOString(),
});
const handedOver = (minutes: number) => ({ ...escalation(minutes), isHandedOver: true as const });
const child = (key: string, minutes: number, more: Partial<ChildLink> = {}): ChildLink => ({
  id: newId(at(minutes)),
  key,
  kind: 'desk',
  externalId: null,
  linkedAt: at(minutes),
  ...more,
});

describe('links', () => {
  const idsOf = (links: CareFields['links'], children: ChildLink[]) =>
    toWire(ticketWith({ externalId: 'own', links }), { ...view, children }).metadata.childrenLinks.map(
      ({ ticketId }) => ticketId,
    );

  it.each<[string, number[], ChildLink[], string[]]>([
    ['nothing', [], [], []],
    ['an escalation of which nothing came', [1], [], ['own']],
    ['one of which a ticket came', [1], [child('HD-1', 2)], ['HD-1']],
    ['two, of which the second has a ticket', [1, 5], [child('HD-1', 6)], ['own', 'HD-1']],
    ['two, of which the first has a ticket', [1, 5], [child('HD-1', 2)], ['HD-1', 'own']],
    ['a child that was there before', [5], [child('HD-1', 1)], ['own', 'HD-1']],
    ['two children of one', [1], [child('HD-1', 2), child('HD-2', 3)], ['HD-1', 'HD-2']],
    ['a care ticket', [], [child('CC-2', 1, { kind: 'care', externalId: 'theirs' })], ['theirs']],
  ])('show %s', (_, escalations, children, ids) => {
    expect(idsOf(escalations.map(escalation), children)).toEqual(ids);
  });
});

describe('links of escalations that become tickets of other kinds', () => {
  it('name no ticket before there is one', () => {
    const ticket = ticketWith({ externalId: 'own', links: [handedOver(1), handedOver(5), escalation(9)] });
    const { childrenLinks } = toWire(ticket, { ...view, children: [child('HD-1', 2)] }).metadata;
    expect(childrenLinks.map(({ ticketId }) => ticketId)).toEqual(['HD-1', undefined, 'own']);
  });
});

describe('times', () => {
  it('are whole seconds, and what is left to the deadline goes below zero', () => {
    const ticket = ticketWith({});
    const wire = toWire(ticket, view);
    expect(wire.createdAt).toBe(Date.parse('2026-03-02T09:00:00.000Z') / 1000);
    expect(wire.metadata.sla).toBe(86_400);
    expect(toWire(ticket, { ...view, now: at(24 * 60 + 1) }).metadata.sla).toBe(-60);
    expect(toWire({ ...ticket, closedAt: at(60) }, { ...view, now: at(5000) }).metadata.sla).toBe(82_800);
  });
});
