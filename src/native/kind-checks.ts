import { type TObject, type TSchema, Type } from 'typebox';
import type { CommonEdit } from '../core/command.ts';
import type { Input, Kind, KindRegistry } from '../core/kind.ts';
import { compileSchema, type SchemaCheck } from '../http/schema-compile.ts';

const name = Type.Union([Type.String({ minLength: 1, maxLength: 255 }), Type.Null()]);

/** What may be edited on a ticket of any kind, unless the kind has rules of its own for it. */
const commonProperties = {
  assignee: Type.Optional(name),
  queue: Type.Optional(name),
  tags: Type.Optional(
    Type.Union([Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 50 }), Type.Null()]),
  ),
};

/** A kind's schemas, compiled once. */
export interface KindChecks {
  readonly kind: Kind;
  /** The transition that makes a ticket. */
  readonly creation: string;
  readonly createSchema: TObject;
  /** The kind's own part and what every kind has. */
  readonly editSchema: TObject;
  readonly create: SchemaCheck<TSchema>;
  readonly edit: SchemaCheck<TSchema>;
  /** The transitions of an existing ticket. */
  readonly transitions: ReadonlyMap<string, SchemaCheck<TSchema>>;
  /** A checked patch as the command wants it. */
  splitEdit(patch: Input): { input: Input; common: CommonEdit };
}

/** @throws when a kind's create or edit schema is no object, or nothing creates a ticket of the kind */
export function compileKinds(kinds: KindRegistry): ReadonlyMap<string, KindChecks> {
  return new Map([...kinds].map(([key, kind]) => [key, compileKind(kind)]));
}

function compileKind(kind: Kind): KindChecks {
  const transitions = Object.entries(kind.workflow.transitions);
  const creation = transitions.find(([, { from }]) => from === null)?.[0];
  if (creation === undefined) throw new Error(`Nothing creates a ticket of kind ${kind.name}`);
  const createSchema = asObject(kind, kind.createSchema);
  const ownEdit = asObject(kind, kind.editSchema);
  const editSchema = Type.Object({ ...commonProperties, ...ownEdit.properties });
  return {
    kind,
    creation,
    createSchema,
    editSchema,
    create: compileSchema(createSchema),
    edit: compileSchema(editSchema),
    transitions: new Map(
      transitions
        .filter(([, { from }]) => from !== null)
        .map(([transition]) => [transition, compileSchema(kind.inputSchema(transition))]),
    ),
    splitEdit(patch) {
      const entries = Object.entries(patch);
      const isOwn = ([field]: [string, unknown]) => Object.hasOwn(ownEdit.properties, field);
      const common = Object.fromEntries(entries.filter((entry) => !isOwn(entry)));
      if (common.tags === null) common.tags = [];
      return { input: Object.fromEntries(entries.filter(isOwn)), common };
    },
  };
}

function asObject(kind: Kind, schema: TSchema): TObject {
  if ('properties' in schema) return schema as TObject;
  throw new Error(`The schemas of kind ${kind.name} must be objects`);
}
