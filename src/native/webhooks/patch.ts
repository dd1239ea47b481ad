import { invalid, RefusalError } from '../../kernel/errors.ts';
import type { Target } from '../../webhooks/target.ts';
import { NATIVE_FORMAT, type NativeFilter } from './format.ts';
import type { WebhookPatch } from './schema.ts';

/** What the webhook wants to hear after the patch. @throws RefusalError where that is another contract's to say */
export function changedFilter({ format, filter }: Target, patch: WebhookPatch): unknown {
  const named = (['types', 'kinds', 'filter', 'own'] as const).filter((name) => patch[name] !== undefined);
  if (named.length === 0) return filter;
  if (format !== NATIVE_FORMAT) {
    const message = `cannot be changed here: this webhook is one of ${format}`;
    throw new RefusalError(invalid(named.map((name) => ({ pointer: `/${name}`, message }))));
  }
  const { types, kinds, own, ...rest } = filter as NativeFilter;
  return withoutNulls({
    types: patch.types === undefined ? types : patch.types,
    kinds: patch.kinds === undefined ? kinds : patch.kinds,
    own: patch.own ?? own,
    ...(patch.filter === undefined ? rest : patch.filter),
  });
}

function withoutNulls(filter: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== undefined && value !== null),
  );
}
