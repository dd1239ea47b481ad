import { type Static, Type } from 'typebox';
import { readsAll } from '../../core/staff.ts';
import type { HallInstance } from '../../http/contract.ts';
import { sendRefusal } from '../../http/errors.ts';
import { cursorFormat } from '../../http/paging.ts';
import { sendJson } from '../../http/reply.ts';
import type { Refusal } from '../../kernel/errors.ts';
import type { Store } from '../../store/store.ts';
import type { SubjectKeepers } from '../../store/subject-timers.ts';
import { listTimers } from '../../store/timers.ts';
import { findVisible, readScope } from '../access.ts';
import { cursor, DEFAULT_LIMIT, foreignCursor, limitOf, listMark, nextCursor } from '../query.ts';
import { explainTimer, wireTimer } from './explain.ts';
import { explainSubjectTimer, storiesOf } from './explain-subject.ts';
import { fireRoute } from './fire-route.ts';

const timersQuery = Type.Object({
  kind: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  ticket: Type.Optional(
    Type.String({ minLength: 1, maxLength: 64, description: 'The UUID or the human key of a ticket.' }),
  ),
  limit: limitOf(200, DEFAULT_LIMIT),
  cursor,
});

const wireTimers = Type.Object({ items: Type.Array(wireTimer), next: nextCursor });

const cursors = cursorFormat(
  Type.Object({
    id: Type.String({ format: 'uuid' }),
    dueAt: Type.String({ format: 'date-time' }),
    list: Type.String(),
  }),
);

/** GET /timers and POST /timers/{id}/fire. */
export function timerRoutes(app: HallInstance, base: string, store: Store, keepers: SubjectKeepers): void {
  app.get(
    `${base}/timers`,
    {
      schema: {
        tags: ['timers'],
        summary: 'Pending timers, due next first',
        description: 'Each says what it does, since when it runs, and why it is due when it is.',
        querystring: timersQuery,
        response: { 200: wireTimers },
      },
    },
    async ({ actor, query }, reply) => {
      const scope = readScope(actor);
      if (!scope.ok) return sendRefusal(reply, scope);
      const found = query.ticket === undefined ? null : await findVisible(store, actor, query.ticket);
      if (found && !found.ok) return sendRefusal(reply, found);
      const start = startOf(query);
      if (!start.ok) return sendRefusal(reply, start);
      const timers = await listTimers(store.listSql, actor.account, {
        kind: query.kind,
        ticket: found?.ticket.id,
        party: scope.party,
        after: start.after,
        limit: query.limit + 1,
      });
      const page = timers.slice(0, query.limit);
      const last = timers.length > query.limit ? page.at(-1) : undefined;
      const now = store.clock.now();
      const stories = await storiesOf(keepers, actor.account, page);
      return sendJson(reply, 200, {
        items: page.map((timer) =>
          timer.subject === null
            ? explainTimer(timer, store.kinds.get(timer.kind), now, readsAll(actor))
            : explainSubjectTimer(timer, stories.get(timer.id), now, readsAll(actor)),
        ),
        next: last
          ? cursors.encode({ id: last.id, dueAt: last.dueAt.toISOString(), list: markOf(query) })
          : null,
      });
    },
  );

  fireRoute(app, base, store, keepers);
}

type TimersQuery = Static<typeof timersQuery>;

function startOf(query: TimersQuery): { ok: true; after: { dueAt: string; id: string } | null } | Refusal {
  if (query.cursor === undefined) return { ok: true, after: null };
  const decoded = cursors.decode(query.cursor);
  if (!decoded.ok) return decoded;
  const { id, dueAt, list } = decoded.position;
  return list === markOf(query) ? { ok: true, after: { id, dueAt } } : foreignCursor();
}

function markOf({ kind, ticket }: TimersQuery): string {
  return listMark({ kind, ticket });
}
