import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { emptyCatalogue } from '../../core/collection.ts';
import { decide } from '../../core/decide.ts';
import type { HandOff } from '../../core/hand-off.ts';
import { systemActor } from '../../kernel/actor.ts';
import { newId } from '../../kernel/id.ts';
import { createInput } from './inputs.ts';
import { troubleKind } from './kind.ts';

const now = new Date('2026-03-02T09:00:00.000Z');
const handOff: HandOff = {
  kind: 'trouble',
  queue: null,
  title: 'No line at all',
  description: 'Dead since Monday, twice reported.',
  priority: 4,
  customer: null,
  reference: 'CC-7',
  party: 'acme',
  input: {},
};

function receive(more: Partial<HandOff> = {}, ordinal = 1) {
  const { transition, input } = troubleKind.receives ?? {};
  if (!transition || !input) throw new Error('Trouble tickets take hand-offs');
  const given = input({ ...handOff, ...more }, { now, ordinal });
  const birth = { id: newId(now), number: 1, key: 'RED-1' };
  const context = {
    actor: systemActor('red'),
    now,
    settings: {},
    catalogue: emptyCatalogue,
    contract: 'hand-off',
  };
  const command = { type: 'create', name: transition, input: given } as const;
  return { given, decision: decide(troubleKind, null, command, { ...context, birth }) };
}

describe('a hand-off to a trouble ticket', () => {
  it('opens one from the account to the party named', () => {
    const { given, decision } = receive();
    expect(Value.Check(createInput, given)).toBe(true);
    expect(decision).toMatchObject({
      ok: true,
      ticket: {
        state: 'openActive',
        title: 'No line at all',
        priority: 3,
        issuer: 'red',
        owner: 'acme',
        externalReference: 'CC-7',
        fields: {
          dialog: 'Dead since Monday, twice reported.',
          troubleType: 'OTHER',
          troubleDetectionTime: '2026-03-02T09:00:00.000Z',
          troubledObject: 'CC-7',
        },
      },
    });
  });

  it('fits what is too long or missing, and takes what only a trouble ticket knows', () => {
    const { given } = receive({
      title: 'x'.repeat(2000),
      description: ' ',
      priority: null,
      input: { troubleType: 'NO_LINE', troubledObject: 'LINE-1' },
    });
    expect(Value.Check(createInput, given)).toBe(true);
    expect(given).toMatchObject({ troubleType: 'NO_LINE', troubledObject: 'LINE-1', preferredPriority: 2 });
  });

  it('has a reference of its own each time', () => {
    expect(receive({}, 2).given.mirrorKey).toBe('CC-7/2');
  });

  it('is refused where no other party is named', () => {
    expect(receive({ party: null }).decision).toMatchObject({ ok: false, code: 'invalidRequest' });
  });
});
