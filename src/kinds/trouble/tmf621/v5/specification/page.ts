import { Type } from 'typebox';
import type { Entry } from '../../../../../core/collection.ts';
import { cursorFormat } from '../../../../../http/paging.ts';
import { type FieldError, invalid, type Refusal } from '../../../../../kernel/errors.ts';
import type { Document } from '../../document.ts';
import { type Comparison, queryComparisons } from '../../filters.ts';
import { parseFilter } from '../../json-path.ts';
import { CONTROLS } from '../../query.ts';

interface Query {
  readonly offset: number;
  readonly limit: number;
  readonly sort?: string;
  readonly before?: string;
  readonly after?: string;
  readonly filter?: string;
}

export interface SpecificationPage {
  readonly ok: true;
  readonly documents: readonly Document[];
  readonly total: number;
  /** Cursors of the pages beside this one. */
  readonly next: string | null;
  readonly prev: string | null;
}

const cursors = {
  after: cursorFormat(Type.Object({ key: Type.String() }), '/query/after'),
  before: cursorFormat(Type.Object({ key: Type.String() }), '/query/before'),
};

/** The attributes that a list can be narrowed and ordered by. */
const FILTERS = ['id', 'name', 'description', 'lifecycleStatus', 'version'];
const SORTS = ['id', 'name', 'lifecycleStatus', 'version', 'creationDate', 'lastUpdate'];

/** A page of specifications. There are few, and all are in memory. */
export function pageOf(
  entries: readonly Entry[],
  toDocument: (entry: Entry) => Document,
  query: Query,
): SpecificationPage | Refusal {
  const { sort, before, after, filter, offset, limit } = query;
  const errors: FieldError[] = [];
  const parsed = filter === undefined ? { ok: true as const, comparisons: [] } : parseFilter(filter);
  if (!parsed.ok) errors.push({ pointer: '/query/filter', message: parsed.message });
  const comparisons = [
    ...queryComparisons(query as unknown as Record<string, unknown>, CONTROLS.v5),
    ...(parsed.ok ? parsed.comparisons : []),
  ];
  errors.push(...comparisons.flatMap(comparisonFault));
  const by = sort?.replace(/^-/, '');
  if (by !== undefined && !SORTS.includes(by)) {
    errors.push({
      pointer: '/query/sort',
      message: `must be one of ${SORTS.join(', ')}, with or without a -`,
    });
  }
  if (before !== undefined && after !== undefined) {
    errors.push({ pointer: '/query/before', message: 'cannot be given together with after' });
  }
  if (errors.length > 0) return invalid(errors);
  const found = entries.map(toDocument).filter((document) => comparisons.every((one) => fits(document, one)));
  const ordered = by === undefined ? found : found.toSorted((a, b) => compare(a[by], b[by]));
  if (sort?.startsWith('-')) ordered.reverse();
  const start = startOf(ordered, { before, after, offset, limit });
  if (!start.ok) return start;
  const documents = ordered.slice(start.from, start.to);
  const keyAt = (index: number) => ({ key: String(documents.at(index)?.id) });
  return {
    ok: true,
    documents,
    total: found.length,
    next: documents.length > 0 && start.to < ordered.length ? cursors.after.encode(keyAt(-1)) : null,
    prev: documents.length > 0 && start.from > 0 ? cursors.before.encode(keyAt(0)) : null,
  };
}

function startOf(
  ordered: readonly Document[],
  {
    before,
    after,
    offset,
    limit,
  }: Pick<Query, 'offset' | 'limit'> & { before?: string | undefined; after?: string | undefined },
): { readonly ok: true; readonly from: number; readonly to: number } | Refusal {
  const way = after !== undefined ? 'after' : 'before';
  const cursor = after ?? before;
  if (cursor === undefined) return { ok: true, from: offset, to: offset + limit };
  const read = cursors[way].decode(cursor);
  if (!read.ok) return read;
  const at = ordered.findIndex(({ id }) => id === read.position.key);
  if (at === -1) return invalid([{ pointer: `/query/${way}`, message: 'names a place that is gone' }]);
  const from = way === 'after' ? at + 1 : Math.max(0, at - limit);
  return { ok: true, from, to: way === 'after' ? from + limit : at };
}

function comparisonFault({ attribute, than, pointer }: Comparison): FieldError[] {
  if (!FILTERS.includes(attribute)) {
    const message = `is no attribute that this list can be narrowed by; those are ${FILTERS.join(', ')}`;
    return [{ pointer, message }];
  }
  return than === 'at' ? [] : [{ pointer, message: 'can be compared for equality only' }];
}

function fits(document: Document, { attribute, values }: Comparison): boolean {
  return values.some((value) => document[attribute] === value);
}

function compare(a: unknown, b: unknown): number {
  return String(a ?? '').localeCompare(String(b ?? ''), 'en', { numeric: true });
}
