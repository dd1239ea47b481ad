import { describe, expect, it } from 'vitest';
import { catalogueOf, type Entry } from '../../core/collection.ts';
import { decide } from '../../core/decide.ts';
import type { Decision } from '../../core/decision.ts';
import type { StoryContext } from '../../core/demo.ts';
import { compileSchema } from '../../http/schema-compile.ts';
import { newId } from '../../kernel/id.ts';
import { serviceCollections } from './collections.ts';
import { serviceDemo } from './demo.ts';
import { OPERATORS } from './demo-texts.ts';
import { checkDigit } from './demo-vin.ts';
import { fieldsOf } from './fields.ts';
import { serviceKind } from './kind.ts';

const now = new Date('2026-11-21T12:00:00.000Z');
const DAY_MS = 86_400_000;

const lists = new Map(
  serviceCollections.map(({ name }) => [
    name,
    (serviceDemo.entries?.[name] ?? []).map(
      ({ key, data }): Entry => ({
        collection: name,
        key,
        data,
        version: 1,
        createdAt: null,
        updatedAt: null,
      }),
    ),
  ]),
);
const operators = new Map(
  [...OPERATORS, { name: 'A real one' }].map(({ name }) => {
    const id = newId();
    return [id, { id, name }];
  }),
);
/** What the account has once the demo has made its entries and people. */
const catalogue = catalogueOf(lists, operators);

/** Numbers without a rule that anybody would see; the same each time. */
function numbers(seed: number) {
  let state = seed + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function contextOf(index: number, known = catalogue): StoryContext {
  const openedAt = new Date(now.getTime() - 90 * DAY_MS + Math.floor((index / 500) * 90 * DAY_MS));
  const random = numbers(index * 7919);
  return {
    account: 'default',
    number: index + 1,
    index,
    openedAt,
    now,
    settings: {},
    catalogue: known,
    random,
  };
}

/** Plays a story to its end. */
function play(context: StoryContext): Decision[] {
  const { number, openedAt, settings } = context;
  const birth = { id: newId(openedAt), number, key: `SV-${number}` };
  const decisions: Decision[] = [];
  for (const { at, actor, contract, command } of serviceDemo.story(context)) {
    const ticket = decisions.at(-1)?.ticket ?? null;
    const decision = decide(serviceKind, ticket, command, {
      actor,
      now: at,
      settings,
      catalogue: context.catalogue,
      contract,
      ...(ticket === null && { birth }),
    });
    if (!decision.ok) throw new Error(`${JSON.stringify(command)}: ${JSON.stringify(decision)}`);
    decisions.push(decision);
  }
  return decisions;
}

const contexts = Array.from({ length: 500 }, (_, index) => contextOf(index));
const lives = contexts.map(play);
const ticketOf = (life: Decision[]) => (life.at(-1) as Decision).ticket;
const tickets = lives.map(ticketOf);

describe('the reference data of the example', () => {
  it('keeps the rules of its collections', () => {
    for (const { name, schema } of serviceCollections) {
      const entries = serviceDemo.entries?.[name] ?? [];
      expect(entries.length).toBeGreaterThan(1);
      for (const { data } of entries)
        expect(compileSchema(schema).check(data)).toEqual({ ok: true, value: data });
    }
  });
});

describe('the example service tickets', () => {
  it('have every state among each fifty', () => {
    for (const from of [0, 100, 300]) {
      const states = tickets.slice(from, from + 50).map(({ state }) => state);
      expect(new Set(states)).toEqual(new Set(Object.keys(serviceKind.workflow.states)));
    }
  });

  it('have histories of every sort', () => {
    const names = new Set(lives.flat().map(({ event }) => event.name));
    expect(names).toEqual(new Set(Object.keys(serviceKind.workflow.transitions)));
    expect(tickets.some((ticket) => fieldsOf(ticket).externallyProcessed)).toBe(true);
  });

  it('are about vehicles whose numbers have the right check digit', () => {
    for (const ticket of tickets) {
      const { vin } = fieldsOf(ticket);
      expect(vin).toMatch(/^[A-HJ-NPR-Z0-9]{17}$/);
      expect(checkDigit(vin)).toBe(vin[8]);
      expect(ticket.title).toMatch(new RegExp(`^\\S.+, ${vin}$`));
    }
    expect(checkDigit('1M8GDM9AXKP042788')).toBe('X');
  });

  it('are given to the operators of the example, where the account has them', () => {
    const own = [...operators.values()].filter(({ name }) => name !== 'A real one').map(({ id }) => id);
    const given = new Set(tickets.map(({ assignee }) => assignee).filter((id) => id !== null));
    expect([...given].toSorted()).toEqual(own.toSorted());
  });

  it('go on waiting where there is no operator at all', () => {
    const nobody = catalogueOf(lists);
    const states = contexts.slice(0, 50).map(({ index }) => ticketOf(play(contextOf(index, nobody))).state);
    expect(new Set(states)).toEqual(new Set(['prepared', 'pending', 'cancelled']));
  });

  it('carry only input that the API would take', () => {
    for (const { index } of contexts) {
      for (const { command } of serviceDemo.story(contextOf(index))) {
        if (command.type !== 'create' && command.type !== 'transition') continue;
        const { name, input } = command;
        expect(compileSchema(serviceKind.inputSchema(name)).check(input)).toEqual({ ok: true, value: input });
      }
    }
  });

  it('happen in the order of time, from the opening until now', () => {
    for (const { index, openedAt } of contexts) {
      const times = serviceDemo.story(contextOf(index)).map(({ at }) => at.getTime());
      expect(times[0]).toBe(openedAt.getTime());
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.at(-1)).toBeLessThanOrEqual(now.getTime());
    }
  });
});
