import { describe, expect, it } from 'vitest';
import { emptyCatalogue } from '../../core/collection.ts';
import { decide } from '../../core/decide.ts';
import type { StoryContext, StoryStep } from '../../core/demo.ts';
import { nextDueAt, type Ticket } from '../../core/ticket.ts';
import { compileSchema } from '../../http/schema-compile.ts';
import { newId } from '../../kernel/id.ts';
import { troubleDemo } from './demo.ts';
import { PARTNERS } from './demo-plot.ts';
import { troubleKind } from './kind.ts';
import { TRANSACTION_CODES, troubleWorkflow } from './workflow.ts';

const now = new Date('2026-11-21T12:00:00.000Z');
const DAY_MS = 86_400_000;

/** Numbers without a rule that anybody would see; the same each time. */
function numbers(seed: number) {
  let state = seed + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function contextOf(index: number, more: Partial<StoryContext> = {}): StoryContext {
  const openedAt = new Date(now.getTime() - 90 * DAY_MS + Math.floor((index / 500) * 90 * DAY_MS));
  const random = numbers(index * 7919);
  return {
    account: 'default',
    number: index + 1,
    index,
    openedAt,
    now,
    settings: {},
    catalogue: emptyCatalogue,
    random,
    ...more,
  };
}

const contexts = Array.from({ length: 500 }, (_, index) => contextOf(index));

function schemaOf({ command }: StoryStep) {
  if (command.type === 'create') return troubleKind.createSchema;
  return command.type === 'edit' ? troubleKind.editSchema : troubleKind.inputSchema('');
}

/** Plays a story to its end, without timers. */
function play(context: StoryContext): Ticket {
  const { number, openedAt, settings, catalogue } = context;
  const birth = { id: newId(openedAt), number, key: `RED-${number}` };
  let ticket: Ticket | null = null;
  for (const { at, actor, contract, command } of troubleDemo.story(context)) {
    const due: Date | null = ticket && nextDueAt(ticket);
    expect(due === null || due > at).toBe(true);
    const decision: ReturnType<typeof decide> = decide(troubleKind, ticket, command, {
      actor,
      now: at,
      settings,
      catalogue,
      contract,
      ...(ticket === null && { birth }),
    });
    if (!decision.ok) throw new Error(`${JSON.stringify(command)}: ${decision.message}`);
    ticket = decision.ticket;
  }
  if (!ticket) throw new Error('The story has no beginning');
  return ticket;
}

describe('the example trouble tickets', () => {
  it('do nothing that the workflow refuses, and no step after a guarantee period has run out', () => {
    for (const context of contexts) play(context);
  });

  it('have every state of the published table among each two hundred, and each partner on both sides', () => {
    for (const from of [0, 100, 300]) {
      const tickets = contexts.slice(from, from + 200).map(play);
      expect(new Set(tickets.map(({ state }) => state))).toEqual(
        new Set(
          TRANSACTION_CODES.map((code) => troubleWorkflow.transitions[code].to).filter((to) => to !== null),
        ),
      );
      const sides = new Set(tickets.map(({ issuer, owner }) => `${issuer} to ${owner}`));
      expect(sides).toEqual(
        new Set(PARTNERS.flatMap(({ key }) => [`${key} to default`, `default to ${key}`])),
      );
    }
  });

  it('carry only input that the API would take', () => {
    for (const step of contexts.flatMap((context) => troubleDemo.story(context))) {
      if (!('input' in step.command)) continue;
      const { input } = step.command;
      expect(compileSchema(schemaOf(step)).check(input)).toEqual({ ok: true, value: input });
    }
  });

  it('happen in the order of time, from the opening until now', () => {
    for (const context of contexts) {
      const times = troubleDemo.story(context).map(({ at }) => at.getTime());
      expect(times[0]).toBe(context.openedAt.getTime());
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.at(-1)).toBeLessThanOrEqual(now.getTime());
    }
  });

  it('keep within a guarantee period that the account has shortened', () => {
    const settings = { 'trouble.guaranteePeriod': 'PT1H' };
    for (let index = 0; index < 100; index += 1) play(contextOf(index, { settings }));
  });

  it('never have one party on both sides, even in an account that is called like a partner', () => {
    for (const { issuer, owner } of contexts.map(({ index }) =>
      play(contextOf(index, { account: 'onvia' })),
    )) {
      expect(issuer).not.toBe(owner);
      expect([issuer, owner]).toContain('onvia');
    }
  });
});
