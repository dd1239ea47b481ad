import { type FieldError, invalid, type Refusal } from '../../../kernel/errors.ts';
import type { TroubleOrder, TroubleStart } from '../store.ts';
import { type Narrowing, narrow, queryComparisons } from './filters.ts';
import { parseFilter } from './json-path.ts';
import { readStart } from './paging.ts';
import { CONTROLS } from './query.ts';

/** What a list is asked for. */
export interface ListRequest {
  readonly ok: true;
  readonly narrowing: Narrowing;
  readonly order: TroubleOrder;
  readonly start: TroubleStart;
  readonly limit: number;
  readonly fields: string | undefined;
}

/** A list's query after its schema. */
interface Query {
  readonly fields?: string;
  readonly offset: number;
  readonly limit: number;
  readonly sort?: string;
  readonly before?: string;
  readonly after?: string;
  readonly filter?: string;
}

const SORTS: Readonly<Record<string, TroubleOrder>> = {
  creationDate: { by: 'created', descending: false },
  '-creationDate': { by: 'created', descending: true },
  lastUpdate: { by: 'updated', descending: false },
  '-lastUpdate': { by: 'updated', descending: true },
};

const NEWEST_FIRST: TroubleOrder = { by: 'created', descending: true };

/** Reads a list's query whole, or names every fault in it. */
export function readListQuery(query: Query, version: 'v4' | 'v5'): ListRequest | Refusal {
  const given = version === 'v5' ? query : { offset: query.offset, limit: query.limit };
  const { sort, before, after, filter } = given as Query;
  const errors: FieldError[] = [];
  const parsed = filter === undefined ? { ok: true as const, comparisons: [] } : parseFilter(filter);
  if (!parsed.ok) errors.push({ pointer: '/query/filter', message: parsed.message });
  const comparisons = [
    ...queryComparisons(query as unknown as Record<string, unknown>, CONTROLS[version]),
    ...(parsed.ok ? parsed.comparisons : []),
  ];
  const narrowed = narrow(comparisons);
  if (!narrowed.ok) errors.push(...narrowed.errors);
  const order = sort === undefined ? NEWEST_FIRST : Object.hasOwn(SORTS, sort) ? SORTS[sort] : undefined;
  if (!order)
    errors.push({ pointer: '/query/sort', message: `must be one of ${Object.keys(SORTS).join(', ')}` });
  if (before !== undefined && after !== undefined) {
    errors.push({ pointer: '/query/before', message: 'cannot be given together with after' });
  }
  if ((before ?? after) !== undefined && query.offset > 0) {
    errors.push({ pointer: '/query/offset', message: 'cannot be given together with a cursor' });
  }
  const start = readStart(query.offset, {
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
  });
  if (!start.ok) errors.push(...(start.errors ?? []));
  if (errors.length > 0 || !order || !start.ok || !narrowed.ok) return invalid(errors);
  const wrongCursor = 'way' in start.start && (start.start.at === null) !== (order.by === 'created');
  if (wrongCursor) {
    const pointer = after === undefined ? '/query/before' : '/query/after';
    return invalid([{ pointer, message: 'is of a list in another order' }]);
  }
  const { narrowing } = narrowed;
  return { ok: true, narrowing, order, start: start.start, limit: query.limit, fields: query.fields };
}
