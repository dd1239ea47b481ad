import { describe, expect, it } from 'vitest';
import { type Catalogue, catalogueOf, compareKeys, type Entry } from '../../core/collection.ts';
import { decide } from '../../core/decide.ts';
import type { Decision } from '../../core/decision.ts';
import type { StoryContext, StoryStep } from '../../core/demo.ts';
import { compileSchema } from '../../http/schema-compile.ts';
import { newId } from '../../kernel/id.ts';
import { careCollections } from './collections.ts';
import { careDemo } from './demo.ts';
import { receivingErrand } from './fixture/receiving-errand.ts';
import { careKind } from './kind.ts';

const now = new Date('2026-11-21T12:00:00.000Z');
const DAY_MS = 86_400_000;
/** What matters to the demo is that there is a desk. */
const receivers = new Map([['desk', receivingErrand]]);
const demo = careDemo(receivers);
const collections = careCollections(receivers);

/** What the account has once the demo has made its entries. */
const catalogue: Catalogue = catalogueOf(
  new Map(
    collections
      .filter(({ size }) => size === 'small')
      .map((collection) => {
        const { name, shipped = [] } = collection;
        const all = [...shipped, ...(demo.entries?.[name] ?? [])].map(
          ({ key, data }): Entry => ({
            collection: name,
            key,
            data,
            version: 1,
            createdAt: null,
            updatedAt: null,
          }),
        );
        return [name, all.sort((a, b) => compareKeys(collection, a.key, b.key))];
      }),
  ),
);

/** Numbers without a rule that anybody would see; the same each time. */
function numbers(seed: number) {
  let state = seed + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function contextOf(index: number): StoryContext {
  const openedAt = new Date(now.getTime() - 90 * DAY_MS + Math.floor((index / 500) * 90 * DAY_MS));
  const random = numbers(index * 7919);
  return { account: 'default', number: index + 1, index, openedAt, now, settings: {}, catalogue, random };
}

const contexts = Array.from({ length: 500 }, (_, index) => contextOf(index));

/** Plays a story to its end, without timers. */
function play(context: StoryContext): Decision[] {
  const { number, openedAt, settings } = context;
  const birth = { id: newId(openedAt), number, key: `CC-${number}` };
  const decisions: Decision[] = [];
  for (const { at, actor, contract, command } of demo.story(context)) {
    const ticket = decisions.at(-1)?.ticket ?? null;
    const decision = decide(careKind, ticket, command, {
      actor,
      now: at,
      settings,
      catalogue,
      contract,
      ...(ticket === null && { birth }),
    });
    if (!decision.ok) throw new Error(`${JSON.stringify(command)}: ${decision.message}`);
    decisions.push(decision);
  }
  return decisions;
}

const lives = contexts.map(play);
const ticketOf = (life: Decision[]) => (life.at(-1) as Decision).ticket;

function schemaOf({ command }: StoryStep) {
  return command.type === 'transition' || command.type === 'create'
    ? careKind.inputSchema(command.name)
    : careKind.editSchema;
}

describe('the reference data of the example', () => {
  it('keeps the rules of its collections', () => {
    for (const { name, schema, check } of collections) {
      for (const { key, data } of demo.entries?.[name] ?? []) {
        expect(compileSchema(schema).check(data)).toEqual({ ok: true, value: data });
        expect(check?.({ key, data }, catalogue) ?? []).toEqual([]);
      }
    }
  });

  it('has contact reasons at three levels, each in four languages', () => {
    const reasons = demo.entries?.['contact-reasons'] ?? [];
    expect(new Set(reasons.map(({ data }) => data.level))).toEqual(new Set([1, 2, 3]));
    for (const { data } of reasons) {
      expect(Object.keys(data.translations as object)).toEqual(['en', 'es', 'de', 'th']);
    }
  });

  it('hands nothing over where the kind for it is not there', () => {
    const departments = careDemo(new Map()).entries?.departments ?? [];
    expect(departments.map(({ key }) => key)).toEqual(['payments']);
  });
});

describe('the example care tickets', () => {
  it('have every state among each fifty', () => {
    for (const from of [0, 100, 300]) {
      const states = lives.slice(from, from + 50).map((life) => ticketOf(life).state);
      expect(new Set(states)).toEqual(new Set(Object.keys(careKind.workflow.states)));
    }
  });

  it('have customers, orders, vendors, and histories of every sort', () => {
    const names = new Set(lives.flat().map(({ event }) => event.name));
    const expected = new Set(Object.keys(careKind.workflow.transitions));
    expected.delete('missDeadline');
    expect(names).toEqual(expected);
    const tickets = lives.map(ticketOf);
    expect(tickets.every(({ customer, fields }) => customer && fields.vendor)).toBe(true);
    expect(tickets.filter(({ externalReference }) => externalReference).length).toBeGreaterThan(300);
  });

  it('are handed over by some, but only by young ones', () => {
    const handOffs = lives.flat().filter(({ event }) => event.data.handOff);
    expect(handOffs.length).toBeGreaterThan(5);
    for (const { event } of handOffs) {
      expect(event.data.handOff).toMatchObject({ kind: 'desk' });
      expect(now.getTime() - event.at.getTime()).toBeLessThan(31 * DAY_MS);
    }
  });

  it('carry only input that the API would take', () => {
    for (const step of contexts.flatMap(({ index }) => demo.story(contextOf(index)))) {
      if (!('input' in step.command)) continue;
      const { input } = step.command;
      expect(compileSchema(schemaOf(step)).check(input)).toEqual({ ok: true, value: input });
    }
  });

  it('happen in the order of time, from the opening until now', () => {
    for (const { index, openedAt } of contexts) {
      const times = demo.story(contextOf(index)).map(({ at }) => at.getTime());
      expect(times[0]).toBe(openedAt.getTime());
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.at(-1)).toBeLessThanOrEqual(now.getTime());
    }
  });
});
