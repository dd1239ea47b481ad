import { type TSchema, Type } from 'typebox';
import type { Input } from '../../core/kind.ts';
import { jsonAnswer } from '../../http/answer.ts';
import type { HallInstance } from '../../http/contract.ts';
import { sendWritten } from '../../http/reply.ts';
import { invalid, type Refusal, RefusalError } from '../../kernel/errors.ts';
import type { Store } from '../../store/store.ts';
import { CONTRACT } from '../contract-name.ts';
import type { KindChecks } from '../kind-checks.ts';
import { wireTicketDetail } from './schema.ts';
import { toWireDetail } from './to-wire.ts';

type Checks = ReadonlyMap<string, KindChecks>;

/** POST /tickets. */
export function createRoute(app: HallInstance, base: string, store: Store, checks: Checks): void {
  app.post(
    `${base}/tickets`,
    {
      config: { creates: true },
      preValidation: async ({ body }) => {
        const refusal = unknownKind(checks, body);
        if (refusal) throw new RefusalError(refusal);
      },
      schema: {
        tags: ['tickets'],
        summary: 'Create a ticket',
        description: "`kind`, and beside it what `GET /kinds/{kind}` gives as the kind's `schemas.create`.",
        body: createBody(checks),
        response: { 201: wireTicketDetail },
      },
    },
    async ({ actor, idempotency, body }, reply) => {
      const { kind: name, ...input } = body as Input & { kind: string };
      const { kind, creation } = checks.get(name) as KindChecks;
      const written = await store.writer.create({
        kind,
        command: { type: 'create', name: creation, input },
        actor,
        contract: CONTRACT,
        idempotency,
        answer: (ticket, _kind, now) =>
          jsonAnswer(
            201,
            toWireDetail(ticket, kind, actor, now),
            ticket.version,
            `${base}/tickets/${ticket.id}`,
          ),
      });
      return sendWritten(reply, written);
    },
  );
}

/** One shape for each kind, told apart by `kind`. */
function createBody(checks: Checks): TSchema {
  const shapes = [...checks].map(([name, { createSchema }]) =>
    Type.Object({ ...createSchema.properties, kind: Type.Literal(name) }),
  );
  const [only] = shapes;
  return only && shapes.length === 1 ? only : Type.Union(shapes);
}

/** A body of no known kind is refused with the kinds that there are. What is no object is the schema's to refuse. */
export function unknownKind(checks: Checks, body: unknown, at = ''): Refusal | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const kind = 'kind' in body ? body.kind : undefined;
  if (typeof kind === 'string' && checks.has(kind)) return null;
  return invalid([{ pointer: `${at}/kind`, message: `must be one of ${[...checks.keys()].join(', ')}` }]);
}
