import { describe, expect, it } from 'vitest';
import { catalogueOf, type Entry, type EntryData, shippedEntries } from '../../core/collection.ts';
import { decide } from '../../core/decide.ts';
import type { StoryContext, StoryStep } from '../../core/demo.ts';
import { registerCollections } from '../../core/register-collections.ts';
import type { Ticket } from '../../core/ticket.ts';
import { compileSchema } from '../../http/schema-compile.ts';
import { newId } from '../../kernel/id.ts';
import { deskCollections } from './collections.ts';
import { deskDemo } from './demo.ts';
import { deskKind } from './kind.ts';

const now = new Date('2026-11-21T12:00:00.000Z');
const DAY_MS = 86_400_000;

const toEntry = (collection: string, { key, data }: { key: string; data: EntryData }): Entry => ({
  ...{ collection, key, data },
  ...{ version: 1, createdAt: null, updatedAt: null },
});
const catalogue = catalogueOf(
  new Map(
    deskCollections.map((collection) => [
      collection.name,
      [
        ...shippedEntries(collection),
        ...(deskDemo.entries?.[collection.name] ?? []).map((entry) => toEntry(collection.name, entry)),
      ],
    ]),
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

const contexts = Array.from({ length: 500 }, (_, index): StoryContext => {
  const openedAt = new Date(now.getTime() - 90 * DAY_MS + Math.floor((index / 500) * 90 * DAY_MS));
  const random = numbers(index * 7919);
  return { account: 'default', number: index + 1, index, openedAt, now, settings: {}, catalogue, random };
});

function play(context: StoryContext): Ticket {
  const birth = { id: newId(context.openedAt), number: context.number, key: `HD-${context.number}` };
  let ticket: Ticket | null = null;
  for (const { at, actor, contract, command } of deskDemo.story(context)) {
    const known = { actor, now: at, settings: {}, catalogue, contract };
    const decision: ReturnType<typeof decide> = decide(deskKind, ticket, command, {
      ...known,
      ...(ticket === null && { birth }),
    });
    if (!decision.ok) throw new Error(`${JSON.stringify(command)}: ${decision.message}`);
    ticket = decision.ticket;
  }
  if (!ticket) throw new Error('The story has no beginning');
  return ticket;
}

function schemaOf({ command }: StoryStep) {
  if (command.type === 'create') return deskKind.createSchema;
  return command.type === 'transition' ? deskKind.inputSchema(command.name) : deskKind.editSchema;
}

describe('the example help-desk tickets', () => {
  it('do nothing that is refused, and have every status among each hundred', () => {
    for (const from of [0, 100, 300]) {
      const states = contexts.slice(from, from + 100).map((context) => play(context).state);
      expect(new Set(states)).toEqual(new Set(Object.keys(deskKind.workflow.states)));
    }
  });

  it('carry only input that the API would take', () => {
    for (const step of contexts.flatMap((context) => deskDemo.story(context))) {
      if (!('input' in step.command)) continue;
      const { input } = step.command;
      expect(compileSchema(schemaOf(step)).check(input)).toEqual({ ok: true, value: input });
    }
  });

  it('happen in the order of time, from the opening until now', () => {
    for (const context of contexts) {
      const times = deskDemo.story(context).map(({ at }) => at.getTime());
      expect(times[0]).toBe(context.openedAt.getTime());
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.at(-1)).toBeLessThanOrEqual(now.getTime());
    }
  });

  it('name reference data that fits its collections', () => {
    const collections = registerCollections(deskCollections);
    for (const [name, entries] of Object.entries(deskDemo.entries ?? {})) {
      const collection = collections.get(name);
      if (!collection) throw new Error(`There is no collection ${name}`);
      for (const { key, data } of entries) {
        expect(compileSchema(collection.schema).check(data)).toEqual({ ok: true, value: data });
        expect(collection.check?.({ key, data }, catalogue) ?? []).toEqual([]);
      }
      const aliases = entries.map(({ data }) => collection.alias?.(data)).filter(Boolean);
      expect(new Set(aliases).size).toBe(aliases.length);
    }
  });
});
