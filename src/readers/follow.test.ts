import { afterEach, describe, expect, it, vi } from 'vitest';
import { silent } from '../../test/stores.ts';
import { until } from '../../test/until.ts';
import { type Follower, startFollower } from './follow.ts';

const running: Follower[] = [];
afterEach(async () => {
  for (const follower of running.splice(0)) await follower.stop();
});

describe('a follower', () => {
  it('steps through every account’s log until it has caught up', async () => {
    const left = new Map([
      ['a', 3],
      ['b', 0],
      ['c', 2],
    ]);
    const steps: string[] = [];
    running.push(
      startFollower({
        name: 'test',
        log: silent,
        accounts: async () => [...left.keys()],
        step: async (account) => {
          const count = left.get(account) ?? 0;
          steps.push(`${account}${count}`);
          left.set(account, Math.max(0, count - 1));
          return count;
        },
      }),
    );
    await until(() => steps.length >= 8);
    expect(steps.slice(0, 8)).toEqual(['a3', 'a2', 'a1', 'a0', 'b0', 'c2', 'c1', 'c0']);
  });

  it('goes on after a fault, and holds up no other account for one that fails', async () => {
    const seen: string[] = [];
    running.push(
      startFollower({
        name: 'test',
        log: silent,
        accounts: async () => ['bad', 'good'],
        step: async (account) => {
          seen.push(account);
          if (account === 'bad') throw new Error('never');
          return 0;
        },
      }),
    );
    await until(() => seen.length >= 4);
    expect(seen.slice(0, 4)).toEqual(['bad', 'good', 'bad', 'good']);
  });

  it('looks at an account at once when it is woken, and again soon after', async () => {
    const seen: string[] = [];
    const rounds: string[] = [];
    const follower = startFollower({
      name: 'test',
      log: silent,
      accounts: async () => {
        rounds.push('round');
        return [];
      },
      step: async (account) => {
        seen.push(account);
        return 0;
      },
    });
    running.push(follower);
    await until(() => rounds.length === 1);
    follower.wake('a');
    follower.wake('a');
    await until(() => seen.length === 3);
    // It did not wait for the next round.
    expect(rounds).toHaveLength(1);
    expect(seen).toEqual(['a', 'a', 'a']);
  });

  it('lets an account rest between looks, however often it is woken', async () => {
    vi.useFakeTimers();
    try {
      const seen: number[] = [];
      const follower = startFollower({
        name: 'test',
        log: silent,
        accounts: async () => [],
        step: async () => {
          seen.push(performance.now());
          return 0;
        },
      });
      running.push(follower);
      const begin = performance.now();
      for (let count = 0; count < 100; count += 1) {
        follower.wake('a');
        await vi.advanceTimersByTimeAsync(1);
      }
      expect(seen.map((at) => at - begin)).toEqual([0, 25, 50, 75, 100]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends after the step that is under way', async () => {
    const steps: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const follower = startFollower({
      name: 'test',
      log: silent,
      accounts: async () => ['a', 'b'],
      step: async () => {
        steps.push('begins');
        await held;
        steps.push('ends');
        return 1;
      },
    });
    await until(() => steps.length === 1);
    const stopped = follower.stop().then(() => steps.push('stopped'));
    release();
    await stopped;
    expect(steps.at(0)).toBe('begins');
    expect(steps.at(-1)).toBe('stopped');
    expect(steps.filter((step) => step === 'ends')).toHaveLength(1);
  });
});
