import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { Ticket } from '../../../core/ticket.ts';
import { cursorFormat } from '../../../http/paging.ts';
import type { Refusal } from '../../../kernel/errors.ts';
import type { TroubleOrder, TroublePage, TroubleStart } from '../store.ts';

const position = Type.Object({
  id: Type.String({ format: 'uuid' }),
  at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
});
const formats = {
  after: cursorFormat(position, '/query/after'),
  before: cursorFormat(position, '/query/before'),
};

/** Where the page begins that a query asks for. */
export function readStart(
  offset: number,
  { after, before }: { after?: string; before?: string },
): { readonly ok: true; readonly start: TroubleStart } | Refusal {
  const way = after !== undefined ? 'after' : 'before';
  const cursor = after ?? before;
  if (cursor === undefined) return { ok: true, start: { offset } };
  const read = formats[way].decode(cursor);
  return read.ok ? { ok: true, start: { ...read.position, way } } : read;
}

/** Says how many tickets there are and how many came, and where the pages beside this one are. */
export function pageHeaders(
  reply: FastifyReply,
  url: string,
  page: TroublePage,
  start: TroubleStart,
  order: TroubleOrder,
  limit: number,
  counted: number,
  cursors: boolean,
): void {
  const shown = page.tickets.length;
  const seen = 'offset' in start && shown > 0 ? start.offset + shown + (page.more ? 1 : 0) : shown;
  reply.header('x-total-count', String(Math.max(counted, seen)));
  reply.header('x-result-count', String(shown));
  const links = cursors ? cursorLinks(page, start, order) : offsetLinks(page, start, limit);
  sendLinks(reply, url, links);
}

/** Says where the pages beside a page of a list with cursors are. */
export function setLinks(
  reply: FastifyReply,
  url: string,
  { next, prev }: { readonly next: string | null; readonly prev: string | null },
): void {
  const fresh = { offset: null, after: null, before: null };
  const links: Link[] = [];
  if (next !== null) links.push(['next', { ...fresh, after: next }]);
  if (prev !== null) links.push(['prev', { ...fresh, before: prev }]);
  sendLinks(reply, url, links);
}

function sendLinks(reply: FastifyReply, url: string, links: readonly Link[]): void {
  const header = links.map(([rel, changes]) => `<${withQuery(url, changes)}>; rel="${rel}"`).join(', ');
  if (header !== '') reply.header('link', header);
}

type Link = readonly [rel: string, changes: Readonly<Record<string, string | null>>];

function offsetLinks({ more }: TroublePage, start: TroubleStart, limit: number): Link[] {
  const offset = 'offset' in start ? start.offset : 0;
  return [
    ...(more ? [['next', { offset: String(offset + limit) }] as const] : []),
    ...(offset > 0 ? [['prev', { offset: String(Math.max(0, offset - limit)) }] as const] : []),
  ];
}

function cursorLinks({ tickets, more }: TroublePage, start: TroubleStart, { by }: TroubleOrder): Link[] {
  const [first, last] = [tickets[0], tickets.at(-1)];
  if (!first || !last) return [];
  const cursorAt = (ticket: Ticket) => ({
    id: ticket.id,
    at: by === 'updated' ? ticket.updatedAt.toISOString() : null,
  });
  const backwards = 'way' in start && start.way === 'before';
  const isFirst = 'offset' in start && start.offset === 0;
  const fresh = { offset: null, after: null, before: null };
  const next: Link = ['next', { ...fresh, after: formats.after.encode(cursorAt(last)) }];
  const prev: Link = ['prev', { ...fresh, before: formats.before.encode(cursorAt(first)) }];
  return [...(backwards || more ? [next] : []), ...((backwards ? more : !isFirst) ? [prev] : [])];
}

/** The request's own address with some parameters set, or taken away. */
function withQuery(url: string, changes: Readonly<Record<string, string | null>>): string {
  const [path = '', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) parameters.delete(name);
    else parameters.set(name, value);
  }
  return `${path}?${parameters}`;
}
