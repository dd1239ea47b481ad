import { Type } from 'typebox';
import { CATEGORIES } from '../../core/ticket.ts';

export const kindParams = Type.Object({ kind: Type.String({ minLength: 1, maxLength: 64 }) });

const names = Type.Array(Type.String());
const jsonSchema = Type.Unsafe<object>({ type: 'object', description: 'A JSON Schema.' });

export const wireKind = Type.Object({
  name: Type.String(),
  label: Type.String(),
  version: Type.Integer({ description: 'The version of the workflow.' }),
  roles: names,
  states: Type.Array(
    Type.Object({ name: Type.String(), label: Type.String(), category: Type.Enum([...CATEGORIES]) }),
  ),
  transitions: Type.Array(
    Type.Object({
      name: Type.String(),
      label: Type.String(),
      from: Type.Union([names, Type.Null()], { description: 'null: it makes the ticket.' }),
      to: Type.Union([Type.String(), Type.Null()], { description: 'null: the state stays as it is.' }),
      by: Type.Array(Type.String(), { description: 'The roles that may do it.' }),
      requires: Type.Array(Type.String(), { description: 'Input that must be there.' }),
      starts: Type.Array(Type.String(), { description: 'Timers that it starts.' }),
      cancels: Type.Array(Type.String(), { description: 'Timers that it cancels.' }),
      firedBy: Type.Union([Type.String(), Type.Null()], { description: 'The timer that does it.' }),
    }),
  ),
  timers: Type.Array(
    Type.Object({
      name: Type.String(),
      label: Type.String(),
      fires: Type.String({ description: 'The transition that it does when it is due.' }),
      setting: Type.String({ description: 'The setting that holds its duration.' }),
      default: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
  schemas: Type.Object({
    create: jsonSchema,
    edit: jsonSchema,
    transitions: Type.Record(Type.String(), jsonSchema),
  }),
  mermaid: Type.String({ description: 'The state diagram as Mermaid text.' }),
});

export const wireKinds = Type.Object({ items: Type.Array(wireKind) });
