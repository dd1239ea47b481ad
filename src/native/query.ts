import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import { invalid, type Refusal } from '../kernel/errors.ts';

export const DEFAULT_LIMIT = 50;

/** How many items a page has. */
export function limitOf(maximum: number, byDefault: number) {
  return Type.Integer({ minimum: 1, maximum, default: byDefault, description: 'Items on a page.' });
}

export const cursor = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 500,
    description: '`next` of the page before; only with the same filters and the same order.',
  }),
);

/** The position after a page, as every list gives it. */
export const nextCursor = Type.Union([Type.String(), Type.Null()], {
  description: 'The `cursor` of the next page, null on the last one.',
});

/** What tells one list from another: a short hash over its filters and its order. */
export function listMark(parts: Readonly<Record<string, unknown>>): string {
  const named = Object.entries(parts).filter(([, value]) => value !== undefined);
  named.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(named)).digest('base64url').slice(0, 12);
}

export function foreignCursor(): Refusal {
  const message = 'belongs to a list with other filters or in another order';
  return invalid([{ pointer: '/query/cursor', message }]);
}
