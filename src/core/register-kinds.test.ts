import { describe, expect, it } from 'vitest';
import { errandKind } from '../../test/kind.ts';
import type { Kind } from './kind.ts';
import { registerKinds } from './register-kinds.ts';

function kind(name: string, keyPrefix: string | null): Kind {
  return { ...errandKind, name, keyPrefix };
}

describe('registerKinds', () => {
  it('takes kinds that number their tickets apart', () => {
    const kinds = [kind('errand', null), kind('favour', 'FAV'), kind('chore', 'CH')];
    expect(registerKinds(kinds)).toEqual(new Map(kinds.map((each) => [each.name, each])));
  });

  it.each<[string, Kind[], string]>([
    ['a name', [kind('errand', 'A'), kind('errand', 'B')], 'Two kinds have the name errand.'],
    [
      "the account's prefix",
      [kind('errand', null), kind('favour', null)],
      "The kinds errand and favour both number their tickets under the account's own prefix (keyPrefix: null); " +
        'give one of them a prefix of its own.',
    ],
    [
      'a prefix of their own',
      [kind('errand', 'X'), kind('chore', 'Y'), kind('favour', 'X')],
      'The kinds errand and favour both number their tickets under X; give each a keyPrefix of its own.',
    ],
  ])('refuses two that share %s', (_, kinds, sentence) => {
    expect(() => registerKinds(kinds)).toThrow(new Error(sentence));
  });
});
