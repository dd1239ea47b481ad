import { describe, expect, it } from 'vitest';
import { median, quantile } from './statistics.ts';

describe('median', () => {
  it('is the middle figure, or the mean of the two in the middle', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('is not a number where there is no figure', () => {
    expect(median([])).toBeNaN();
  });
});

describe('quantile', () => {
  const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);

  it('is the figure that the asked share does not exceed', () => {
    expect([quantile(hundred, 0.5), quantile(hundred, 0.99), quantile(hundred, 1)]).toEqual([50, 99, 100]);
  });

  it('is the smallest figure for a share of nothing', () => {
    expect(quantile(hundred, 0)).toBe(1);
  });
});
