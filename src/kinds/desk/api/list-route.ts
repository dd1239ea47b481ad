import type { Catalogue } from '../../../core/collection.ts';
import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { sendJson } from '../../../http/reply.ts';
import { invalid, type Refusal } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import type { View } from '../collections.ts';
import { both, type DeskFilter } from '../filter.ts';
import { DESK_PERMISSIONS } from '../permissions.ts';
import { priorityNumber } from '../priorities.ts';
import { parseQuery } from '../query-terms.ts';
import { readPage } from '../store.ts';
import { DESK_STATES, type DeskState } from '../workflow.ts';
import { BASE, TAG } from './contract-name.ts';
import { toItem } from './map.ts';
import { type ListQuery, listQuery, wireList } from './schema.ts';
import { readSpellings } from './spellings.ts';

/** GET index. */
export function listRoute(app: HallInstance, store: Store): void {
  app.get(
    BASE,
    {
      config: { permission: DESK_PERMISSIONS.read },
      preValidation: [readSpellings, joinStatuses],
      schema: {
        tags: [TAG],
        summary: 'List tickets, newest first',
        querystring: listQuery,
        response: { 200: wireList },
      },
    },
    async ({ actor, query }, reply) => {
      const setting = await store.directory.account(actor.account);
      const filter = toFilter(query, setting.catalogue);
      if (!filter.ok) return sendRefusal(reply, filter);
      const { itemStart, itemLimit } = query;
      const page = await readPage(store.listSql, actor.account, filter.filter, itemStart, itemLimit);
      return sendJson(reply, 200, {
        type: 'list',
        items: page.tickets.map((ticket) => toItem(ticket, setting)),
        itemStart,
        itemLimit,
        total: page.total,
      });
    },
  );
}

/** `status` may be repeated, too. */
async function joinStatuses({ query }: { query: unknown }): Promise<void> {
  const given = query as Record<string, unknown>;
  if (Array.isArray(given.status)) given.status = given.status.join(',');
}

type Narrowed = { readonly ok: true; readonly filter: DeskFilter } | Refusal;

function toFilter(
  { applyView, query = '', status, searchArchived }: ListQuery,
  catalogue: Catalogue,
): Narrowed {
  const parts = [
    applyView === undefined ? nothing : fromView(applyView, catalogue),
    parseQuery(query),
    status === undefined ? nothing : fromStatus(status),
    searchArchived === 'no' ? withoutClosed : nothing,
  ];
  let filter: DeskFilter = {};
  for (const part of parts) {
    if (!part.ok) return part;
    filter = both(filter, part.filter);
  }
  return { ok: true, filter };
}

const nothing: Narrowed = { ok: true, filter: {} };
const withoutClosed: Narrowed = {
  ok: true,
  filter: { states: DESK_STATES.filter((state) => state !== 'closed') },
};

function fromStatus(text: string): Narrowed {
  const states = text.split(',').map((state) => state.trim());
  if (states.every((state): state is DeskState => (DESK_STATES as readonly string[]).includes(state))) {
    return { ok: true, filter: { states: [...new Set(states)] } };
  }
  return invalid([{ pointer: '/query/status', message: `must be one of ${DESK_STATES.join(', ')}` }]);
}

function fromView(key: string, catalogue: Catalogue): Narrowed {
  const entry = catalogue.entry('views', key);
  if (!entry) return invalid([{ pointer: '/query/applyView', message: `there is no view ${key}` }]);
  const view = entry.data as View;
  const words = parseQuery(view.query ?? '');
  if (!words.ok) return words;
  const { status, priority, assignedGroupID, customerID } = view;
  const filter: DeskFilter = {
    states: status,
    priority: priority && priorityNumber(priority),
    brand: view.brandID,
    channel: view.channelID,
    form: view.formID,
    queue: assignedGroupID === undefined ? undefined : String(assignedGroupID),
    assignee: view.assignedUserID,
    customer: customerID === undefined ? undefined : String(customerID),
    tags: view.tag === undefined ? undefined : [view.tag],
  };
  return { ok: true, filter: both(filter, words.filter) };
}
