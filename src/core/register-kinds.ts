import type { Kind, KindRegistry } from './kind.ts';

/**
 * The kinds by name.
 * @throws with every fault where two of them cannot live in one server
 */
export function registerKinds(kinds: readonly Kind[]): KindRegistry {
  const faults = kinds.flatMap((kind, index) =>
    kinds.slice(0, index).flatMap((other) => faultsBetween(other, kind)),
  );
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return new Map(kinds.map((kind) => [kind.name, kind]));
}

/** Each kind counts its own tickets, so two with one prefix would give the same key to two tickets. */
function faultsBetween(one: Kind, other: Kind): string[] {
  if (one.name === other.name) return [`Two kinds have the name ${one.name}.`];
  if (one.keyPrefix !== other.keyPrefix) return [];
  const both = `The kinds ${one.name} and ${other.name} both number their tickets under`;
  return [
    one.keyPrefix === null
      ? `${both} the account's own prefix (keyPrefix: null); give one of them a prefix of its own.`
      : `${both} ${one.keyPrefix}; give each a keyPrefix of its own.`,
  ];
}
