import { type Static, Type } from 'typebox';
import { CATEGORIES } from '../../core/ticket.ts';
import { cursorFormat } from '../../http/paging.ts';
import type { Refusal } from '../../kernel/errors.ts';
import type { PageStart, Sort, SortColumn, TicketFilter } from '../../store/list.ts';
import { cursor, DEFAULT_LIMIT, foreignCursor, limitOf, listMark } from '../query.ts';

const text = Type.Optional(Type.String({ minLength: 1, maxLength: 255 }));
const moment = Type.Optional(Type.String({ format: 'date-time' }));

const SORTS = ['-createdAt', 'createdAt', '-updatedAt', 'updatedAt', '-dueAt', 'dueAt'] as const;
const COLUMNS: Readonly<Record<string, SortColumn>> = {
  createdAt: 'created',
  updatedAt: 'updated',
  dueAt: 'due',
};

export const listQuery = Type.Object({
  kind: text,
  state: Type.Optional(
    Type.String({ minLength: 1, maxLength: 500, description: 'One state, or several separated by commas.' }),
  ),
  category: Type.Optional(Type.Enum([...CATEGORIES])),
  assignee: text,
  queue: text,
  priority: Type.Optional(Type.Integer({ minimum: 1, maximum: 32_767 })),
  tag: text,
  customer: text,
  externalReference: text,
  createdAfter: moment,
  createdBefore: moment,
  updatedAfter: moment,
  updatedBefore: moment,
  overdue: Type.Optional(
    Type.Literal(true, { description: 'Only tickets that are not final and have a timer that is past due.' }),
  ),
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'Full text: each word counts as the beginning of a word; typing errors are forgiven.',
    }),
  ),
  sort: Type.Enum([...SORTS], {
    default: '-createdAt',
    description: 'With `dueAt` only tickets that have a timer are listed.',
  }),
  limit: limitOf(200, DEFAULT_LIMIT),
  cursor,
  count: Type.Optional(
    Type.Enum(['exact', 'estimate'], { description: 'Also count what the filters find; never by default.' }),
  ),
});

export type ListQuery = Static<typeof listQuery>;

const cursors = cursorFormat(
  Type.Object({
    id: Type.String({ format: 'uuid' }),
    at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
    list: Type.String(),
  }),
);

/** @param search the text query that `q` amounts to */
export function toFilter(
  query: ListQuery,
  party: string | null,
  now: Date,
  search: string | undefined,
): TicketFilter {
  const at = (value: string | undefined) => (value === undefined ? undefined : new Date(value));
  return {
    party,
    kind: query.kind,
    states: query.state?.split(',').filter((state) => state !== ''),
    category: query.category,
    assignee: query.assignee,
    queue: query.queue,
    priority: query.priority,
    tag: query.tag,
    customer: query.customer,
    externalReference: query.externalReference,
    createdAfter: at(query.createdAfter),
    createdBefore: at(query.createdBefore),
    updatedAfter: at(query.updatedAfter),
    updatedBefore: at(query.updatedBefore),
    dueBefore: query.overdue ? now : undefined,
    search,
  };
}

export function toSort({ sort }: ListQuery): Sort {
  const descending = sort.startsWith('-');
  return { column: COLUMNS[descending ? sort.slice(1) : sort] as SortColumn, descending };
}

/** Where the page starts, null for the first one; a refusal where the cursor is another list's. */
export function toStart(query: ListQuery): { readonly ok: true; readonly start: PageStart | null } | Refusal {
  if (query.cursor === undefined) return { ok: true, start: null };
  const decoded = cursors.decode(query.cursor);
  if (!decoded.ok) return decoded;
  const { id, at, list } = decoded.position;
  return list === markOf(query) ? { ok: true, start: { id, at } } : foreignCursor();
}

export function toNext(query: ListQuery, next: PageStart | null): string | null {
  return next && cursors.encode({ ...next, list: markOf(query) });
}

function markOf({ limit: _limit, cursor: _cursor, count: _count, ...list }: ListQuery): string {
  return listMark(list);
}
