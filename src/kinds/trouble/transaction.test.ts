import { describe, expect, it } from 'vitest';
import { resolveTransaction } from './transaction.ts';
import type { TroubleRole, TroubleState } from './workflow.ts';

const REQUESTS: readonly (TroubleState | null)[] = [
  null,
  'openActive',
  'awaitingCancelation',
  'awaitingInformation',
  'cleared',
  'closed',
  'canceled',
];

/**
 * The published transaction table, read by hand: for a state and a role, what each requested state means, in the order
 * of REQUESTS. `-`: nobody may; `x`: only the other role may.
 */
const TABLE: Record<string, Record<TroubleRole, string>> = {
  openActive: {
    TU: 'TU10 TU10 x    x    x    TU09 TU03',
    TO: 'TO11 TO11 TO02 TO05 TO07 x    x',
  },
  awaitingCancelation: {
    TU: 'TU10 TU04 TU10 -    -    -    TU03',
    TO: 'TO11 x    TO11 -    -    -    x',
  },
  awaitingInformation: {
    TU: 'TU10 TU06 -    TU10 -    -    TU03',
    TO: 'TO11 x    -    TO11 -    -    x',
  },
  cleared: {
    TU: 'TU10 TU08 -    -    TU10 TU09 -',
    TO: 'TO11 x    -    -    TO11 TO12 -',
  },
  closed: {
    TU: '-    -    -    -    -    -    -',
    TO: '-    -    -    -    -    -    -',
  },
  canceled: {
    TU: '-    -    -    -    -    -    -',
    TO: '-    -    -    -    -    -    -',
  },
};

const REFUSALS: Record<string, string> = { x: 'notYourTransition', '-': 'invalidTransition' };

describe.each(Object.entries(TABLE))('from %s', (state, roles) => {
  describe.each(Object.entries(roles) as [TroubleRole, string][])('as %s', (role, row) => {
    it.each(row.split(/\s+/).map((code, index) => [REQUESTS[index] ?? null, code] as const))(
      'a request for %s is %s',
      (requested, code) => {
        const resolved = resolveTransaction(state, role, requested);
        expect(resolved.ok ? resolved.code : resolved.code).toBe(REFUSALS[code] ?? code);
      },
    );
  });
});
