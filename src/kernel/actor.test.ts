import { describe, expect, it } from 'vitest';
import { actorOf } from '../../test/actors.ts';
import { isOwnStaff, may, systemActor } from './actor.ts';

describe('may', () => {
  it('knows the permissions of an actor, and that admin has them all', () => {
    const actor = (...permissions: string[]) => ({
      ...actorOf('home', 'home'),
      permissions: new Set(permissions),
    });
    expect(may(actor('a'), 'a')).toBe(true);
    expect(may(actor('a'), 'b')).toBe(false);
    expect(may(actor('admin'), 'b')).toBe(true);
    expect(may(systemActor('home'), 'b')).toBe(true);
  });
});

describe('isOwnStaff', () => {
  it('holds for the account’s own party, for those without one, and for the system', () => {
    expect(isOwnStaff(actorOf('home', 'home'))).toBe(true);
    expect(isOwnStaff(actorOf('home', null))).toBe(true);
    expect(isOwnStaff(systemActor('home'))).toBe(true);
    expect(isOwnStaff(actorOf('home', 'guest'))).toBe(false);
  });
});
