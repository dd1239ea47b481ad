import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actorOf } from '../../test/actors.ts';
import { deepFreeze } from '../../test/deep-freeze.ts';
import { errandKind } from '../../test/kind.ts';
import { type Actor, systemActor } from '../kernel/actor.ts';
import { refuse } from '../kernel/errors.ts';
import { available } from './available.ts';
import { emptyCatalogue } from './collection.ts';
import type { Command } from './command.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { randomWorkflow } from './fixture/random-workflow.ts';
import type { Input, Kind } from './kind.ts';
import type { Ticket } from './ticket.ts';
import { workflowFaults } from './validate.ts';
import type { Workflow } from './workflow.ts';

const birth = { id: '019ab000-0000-7000-8000-000000000001', number: 1, key: 'K-1' };
const everything: Input = { question: '?', outcome: 'o', spentMinutes: 1, r: 1 };

/** A kind in which the party of an actor is its role. */
function kindOf(workflow: Workflow): Kind {
  const played = (actor: Actor) =>
    actor.party !== null && workflow.roles.includes(actor.party) ? actor.party : null;
  return {
    ...errandKind,
    name: workflow.kind,
    workflow,
    settings: [{ key: 'delay', type: 'duration', default: 'PT1H', label: '' }],
    creatorRole: played,
    roleOf: (_, actor) => played(actor),
    change: (ticket, _name, input) =>
      input.fault
        ? refuse('invalidRequest')
        : { ok: true, set: { fields: { ...ticket?.fields, ...input }, title: 'T' } },
  };
}

interface Step {
  readonly actor: number;
  readonly what: number;
  readonly minutes: number;
  readonly fault: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  actor: fc.nat(),
  what: fc.nat(),
  minutes: fc.constantFrom(0, 1, 59, 60, 600),
  fault: fc.boolean(),
});

/** Runs the steps against a new ticket, and looks at every decision and every refusal on the way. */
function live(kind: Kind, actors: readonly Actor[], steps: readonly Step[]): void {
  let now = new Date('2026-11-21T10:00:00.000Z');
  let ticket: Ticket | null = null;
  const running = new Map<string, string>();
  const names = [...Object.keys(kind.workflow.transitions), 'gone'];
  for (const { actor: who, what, minutes, fault } of steps) {
    now = new Date(now.getTime() + minutes * 60_000);
    const actor = actors[who % actors.length] as Actor;
    const context = { actor, now, settings: {}, catalogue: emptyCatalogue, contract: 'test', birth };
    const input: Input = fault ? { fault: 'x' } : everything;
    const command: Command = deepFreeze(commandOf(ticket, names, what, input));
    const outcome = decide(kind, deepFreeze(ticket), command, context);
    if (ticket) expectAgreement(kind, ticket, actors, names, now);
    if (!outcome.ok) {
      expect(Object.keys(outcome)).not.toContain('ticket');
      continue;
    }
    expectLawful(kind, ticket, command, outcome);
    for (const id of outcome.timersEnded) expect(running.delete(id)).toBe(true);
    for (const { id, name } of outcome.timersStarted) running.set(id, name);
    const pending = Object.entries(outcome.ticket.timers).map(([name, { id }]) => [id, name]);
    expect(new Map(pending as [string, string][])).toEqual(running);
    ticket = outcome.ticket;
  }
}

function commandOf(ticket: Ticket | null, names: readonly string[], what: number, input: Input): Command {
  const name = names[what % names.length] as string;
  if (!ticket) return { type: 'create', name, input };
  if (what % 11 === 0) return { type: 'edit', input };
  if (what % 13 === 0) return { type: 'comment', body: 'c', visibility: 'public' };
  return { type: 'transition', name, input };
}

function expectLawful(
  kind: Kind,
  before: Ticket | null,
  command: Command,
  { ticket, event, expectedVersion }: Decision,
) {
  const { states, transitions } = kind.workflow;
  const named = command.type === 'create' || command.type === 'transition' ? transitions[command.name] : null;
  const to = (named ? named.to : null) ?? before?.state;
  if (command.type === 'transition') expect(named?.from).toContain(before?.state);
  if (command.type === 'create') expect(named?.from).toBeNull();
  const isFinal = states[ticket.state]?.category === 'final';
  expect({
    state: ticket.state,
    category: ticket.category,
    version: ticket.version,
    expectedVersion,
    from: event.from,
    to: event.to,
    told: event.version,
    closed: ticket.closedAt !== null,
  }).toEqual({
    state: to,
    category: states[ticket.state]?.category,
    version: (before?.version ?? 0) + 1,
    expectedVersion: before?.version ?? 0,
    from: before?.state ?? null,
    to: ticket.state,
    told: ticket.version,
    closed: isFinal,
  });
  if (isFinal) expect(ticket.timers).toEqual({});
}

/** `available` and `decide` say the same of every actor and transition. */
function expectAgreement(
  kind: Kind,
  ticket: Ticket,
  actors: readonly Actor[],
  names: readonly string[],
  now: Date,
) {
  for (const actor of actors) {
    const listed = new Map(available(kind, ticket, actor, now).map((entry) => [entry.name, entry]));
    for (const name of names) {
      const command = { type: 'transition', name, input: everything } as const;
      const outcome = decide(kind, ticket, command, {
        actor,
        now,
        settings: {},
        catalogue: emptyCatalogue,
        contract: 'test',
      });
      const entry = listed.get(name);
      expect(outcome.ok).toBe(entry?.allowed ?? false);
      if (outcome.ok) expect(outcome.ticket.state).toBe(entry?.to);
      else if (entry && outcome.code !== 'ticketNotFound') expect(entry.refusal).toEqual(outcome);
    }
  }
}

const outsiders = [systemActor('home'), actorOf('home', 'stranger')];

describe('over any sequence of commands the table is kept, versions and timers add up, and refusals change nothing', () => {
  it('in the workflow of the tests', () => {
    const actors = [actorOf('home', 'guest'), actorOf('home', 'home'), ...outsiders];
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => live(errandKind, actors, steps)),
      { numRuns: 300 },
    );
  });

  it('in any sound workflow', () => {
    fc.assert(
      fc.property(randomWorkflow, fc.array(step, { maxLength: 25 }), (workflow, steps) => {
        expect(workflowFaults(workflow)).toEqual([]);
        const actors = [...workflow.roles.map((role) => actorOf('home', role)), ...outsiders];
        live(kindOf(workflow), actors, steps);
      }),
      { numRuns: 200 },
    );
  });
});
