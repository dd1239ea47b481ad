import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { emptyCatalogue } from '../../core/collection.ts';
import { decide } from '../../core/decide.ts';
import type { HandOff } from '../../core/hand-off.ts';
import { systemActor } from '../../kernel/actor.ts';
import { newId } from '../../kernel/id.ts';
import { fromHandOff } from './hand-off.ts';
import { createInput } from './inputs.ts';
import { serviceKind } from './kind.ts';

const CUSTOMER = '160c0c4b-9966-4dc1-a916-8407eb10d74e';
const vehicle = { vin: 'JH4KA7630PC007649', vehicleModelId: 7 };
const handOff: HandOff = {
  kind: 'service',
  queue: null,
  title: 'Engine light',
  description: '',
  priority: 2,
  customer: CUSTOMER,
  reference: 'CC-7',
  party: null,
  input: vehicle,
};

describe('a hand-off to a service ticket', () => {
  it('prepares one for the vehicle that it names', () => {
    const input = fromHandOff(handOff);
    expect(Value.Check(createInput, input)).toBe(true);
    const now = new Date('2026-03-02T09:00:00.000Z');
    const decision = decide(
      serviceKind,
      null,
      { type: 'create', name: serviceKind.receives?.transition ?? '', input },
      {
        actor: systemActor('red'),
        now,
        settings: {},
        catalogue: emptyCatalogue,
        contract: 'hand-off',
        birth: { id: newId(now), number: 1, key: 'SV-1' },
      },
    );
    expect(decision).toMatchObject({
      ok: true,
      ticket: {
        state: 'prepared',
        customer: CUSTOMER,
        fields: { ...vehicle, customerReference: 'CC-7' },
      },
    });
  });

  it('takes the customer from its own input where the other kind has no UUID for it', () => {
    const customerId = 'd3547de1-d1f2-4344-b4c2-17169b7526f9';
    const input = fromHandOff({ ...handOff, customer: '4711', input: { ...vehicle, customerId } });
    expect(input).toEqual({ customerId, customerReference: 'CC-7', ...vehicle });
  });

  it('is not made without a vehicle', () => {
    expect(Value.Check(createInput, fromHandOff({ ...handOff, input: {} }))).toBe(false);
  });
});
