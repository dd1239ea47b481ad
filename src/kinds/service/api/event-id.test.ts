import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUuid } from '../../../kernel/id.ts';
import { fromEventId, toEventId } from './event-id.ts';

const position = fc.record({
  xid: fc.bigInt({ min: 0n, max: 2n ** 60n - 1n }).map(String),
  seq: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
});

describe('the id of an event', () => {
  it('is a UUID that leads back to its place', () => {
    fc.assert(
      fc.property(position, (place) => {
        const id = toEventId(place);
        expect(isUuid(id)).toBe(true);
        expect(fromEventId(id)).toEqual(place);
        expect(fromEventId(id.toUpperCase())).toEqual(place);
      }),
    );
  });

  it('sorts as the log does', () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        const isBefore = BigInt(a.xid) < BigInt(b.xid) || (a.xid === b.xid && Number(a.seq) < Number(b.seq));
        expect(toEventId(a) < toEventId(b)).toBe(isBefore);
      }),
    );
  });

  it.each([
    '0199b4a2-5c1e-7d3f-8a6b-2f4e6c8d0b1a',
    '00000000-0000-8346-c000-000000000003',
    '00000000-0000-8346-bfff-ffffffffffff',
  ])('is not %s', (id) => {
    expect(fromEventId(id)).toBeNull();
  });
});
