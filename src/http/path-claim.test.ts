import { describe, expect, it } from 'vitest';
import { byPrecision, claims, pathClaim } from './path-claim.ts';

const fits = (prefix: string, path: string) => claims(pathClaim(prefix), path.slice(1).split('/'));

describe('a claim', () => {
  it.each([
    ['/v2/tickets', '/v2/tickets', true],
    ['/v2/tickets', '/v2/tickets/1/escalate', true],
    ['/v2/tickets', '/v2/ticketsX', false],
    ['/v2/tickets', '/v2', false],
    ['/v2/tickets/*/escalate', '/v2/tickets/7/escalate', true],
    ['/v2/tickets/*/escalate', '/v2/tickets/7', false],
    ['/v2/tickets/*/escalate', '/v2/tickets//escalate', false],
    ['/v2/tickets/*-tickets', '/v2/tickets/pending-tickets/1', true],
    ['/v2/tickets/*-tickets', '/v2/tickets/-tickets', false],
    ['/v2/tickets/*-tickets', '/v2/tickets/tickets', false],
  ])('%s on %s: %s', (prefix, path, expected) => {
    expect(fits(prefix, path)).toBe(expected);
  });

  it.each(['', 'v2', '/v2/', '/v2//x', '/a*b*'])('is not made from "%s"', (prefix) => {
    expect(() => pathClaim(prefix)).toThrow();
  });

  it('comes before those that say less', () => {
    const prefixes = [
      '/v2/tickets/*-tickets/x',
      '/v2/tickets/open',
      '/v2/tickets/*-tickets',
      '/v2/tickets/*s',
      '/v2/tickets/*/escalate',
      '/v2/tickets/*',
      '/v2/tickets',
    ];
    const shuffled = prefixes.toReversed().map(pathClaim).toSorted(byPrecision);
    const sorted = shuffled.map(({ segments }) => `/${segments.map(({ text }) => text).join('/')}`);
    // Words first; where nothing tells two apart, no path can fit both.
    expect(sorted).toEqual([
      '/v2/tickets/open',
      '/v2/tickets/*-tickets/x',
      '/v2/tickets/*-tickets',
      '/v2/tickets/*s',
      '/v2/tickets/*/escalate',
      '/v2/tickets/*',
      '/v2/tickets',
    ]);
  });
});
