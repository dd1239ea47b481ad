import { type TSchema, Type } from 'typebox';
import type { Input } from '../../core/kind.ts';
import { seesTicket } from '../../core/staff.ts';
import { compileSchema, type SchemaCheck } from '../../http/schema-compile.ts';
import type { Actor } from '../../kernel/actor.ts';
import { invalid, type Refusal } from '../../kernel/errors.ts';
import type { BatchItem } from '../../store/write-batch.ts';
import { notThere, ticketRef } from '../access.ts';
import type { KindChecks } from '../kind-checks.ts';
import { type Comment, type Plan, placeErrors, planComment, planEdit, planTransition } from '../plans.ts';
import { transitionName } from '../tickets/change-routes.ts';
import { commentProperties } from '../tickets/comment-route.ts';
import { unknownKind } from '../tickets/create-route.ts';

/** An item as the store takes it, with what brings its refusals into the client's words. */
export interface PlannedItem {
  readonly item: BatchItem | Refusal;
  place(refusal: Refusal): Refusal;
}

type Checks = ReadonlyMap<string, KindChecks>;

const target = {
  ticket: Type.String({ minLength: 1, maxLength: 64 }),
  ifMatch: Type.Optional(Type.Integer({ minimum: 1 })),
};

const openObject = Type.Object({}, { additionalProperties: true });

interface Target {
  readonly ticket: string;
  readonly ifMatch?: number;
}

interface Operation {
  readonly check: SchemaCheck<TSchema>;
  plan(checks: Checks, actor: Actor, item: Input, at: string): Plan;
}

/** The operations on a ticket that exists; each takes what its own route takes. */
const operations: ReadonlyMap<unknown, Operation> = new Map<unknown, Operation>([
  [
    'transition',
    {
      check: compileSchema(
        Type.Object({
          op: Type.Unknown(),
          ...target,
          name: transitionName,
          input: Type.Optional(openObject),
        }),
      ),
      plan: (checks, actor, { name, input = {} }, at) =>
        planTransition(checks, actor, { name: name as string, input }, at),
    },
  ],
  [
    'edit',
    {
      check: compileSchema(Type.Object({ op: Type.Unknown(), ...target, patch: openObject })),
      plan: (checks, actor, { patch }, at) => planEdit(checks, actor, patch, `${at}/patch`),
    },
  ],
  [
    'comment',
    {
      check: compileSchema(
        Type.Object({
          op: Type.Unknown(),
          ...target,
          body: commentProperties.body,
          visibility: Type.Optional(commentProperties.visibility),
        }),
      ),
      plan: (_checks, actor, { body, visibility = 'public' }) =>
        planComment(actor, { body, visibility } as Comment),
    },
  ],
]);

/** Works out what one item of a batch wants; faults have pointers into the whole body. */
export function planItem(checks: Checks, actor: Actor, raw: unknown, index: number): PlannedItem {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return refused(invalid([{ pointer: `/items/${index}`, message: 'must be an object' }]));
  }
  const given = raw as Input;
  if (given.op === 'create') return planCreation(checks, given, index);
  const at = `/items/${index}`;
  const operation = operations.get(given.op);
  if (!operation) {
    const message = `must be one of create, ${[...operations.keys()].join(', ')}`;
    return refused(invalid([{ pointer: `${at}/op`, message }]));
  }
  const checked = operation.check.check(given, at);
  if (!checked.ok) return refused(invalid(checked.errors));
  const { ticket, ifMatch = null } = checked.value as Target;
  const plan = operation.plan(checks, actor, checked.value as Input, at);
  return {
    item: {
      op: 'change',
      ref: ticketRef(ticket),
      ifMatch,
      admits: (found, kind) => seesTicket(kind, found, actor),
      command: plan.command,
    },
    place: (refusal) => (refusal.code === 'ticketNotFound' ? notThere(actor) : plan.place(refusal)),
  };
}

/** The hot path: no closure but one, and no work that does not depend on the item. */
function planCreation(checks: Checks, given: Input, index: number): PlannedItem {
  const { op: _op, kind: name, ...rest } = given;
  const known = checks.get(name as string);
  if (!known) return refused(unknownKind(checks, given, `/items/${index}`) as Refusal);
  const checked = known.create.check(rest);
  if (!checked.ok) return refused(placeErrors(invalid(checked.errors), `/items/${index}`));
  return {
    item: {
      op: 'create',
      kind: known.kind,
      command: { type: 'create', name: known.creation, input: checked.value as Input },
    },
    place: (refusal) => placeErrors(refusal, `/items/${index}`),
  };
}

function refused(refusal: Refusal): PlannedItem {
  return { item: refusal, place: asItIs };
}

function asItIs(refusal: Refusal): Refusal {
  return refusal;
}
