import { Type } from 'typebox';
import { commonAttributes } from './shapes.ts';

const fields = Type.Optional(
  Type.String({ maxLength: 1000, description: 'The attributes to answer with, joined by commas.' }),
);

export const idParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 60 }) });
export const fieldsQuery = Type.Object({ fields });
export const noQuery = Type.Object({});

const MOST = 500;
const FARTHEST = 1_000_000;

const paging = {
  fields,
  offset: Type.Integer({ minimum: 0, maximum: FARTHEST, default: 0 }),
  limit: Type.Integer({ minimum: 1, maximum: MOST, default: 25 }),
};

const cursors = {
  before: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'From a `Link` header.' })),
  after: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'From a `Link` header.' })),
  sort: Type.Optional(
    Type.String({
      maxLength: 100,
      description: '`creationDate` or `lastUpdate`, with a `-` for the newest first.',
    }),
  ),
  filter: Type.Optional(
    Type.String({
      maxLength: 2000,
      description: "A JSONPath comparison such as `$[?(@.severity=='Major')]`, or several joined by `&&`.",
    }),
  ),
};

const filters = {
  status: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
  severity: Type.Optional(Type.Union([commonAttributes.severity, Type.Array(commonAttributes.severity)])),
  ticketType: Type.Optional(
    Type.Union([commonAttributes.ticketType, Type.Array(commonAttributes.ticketType)]),
  ),
};

/** Further filters are names of attributes, so the query is open. */
export const listQuery4 = Type.Object({ ...paging, ...filters }, { additionalProperties: true });
export const listQuery5 = Type.Object({ ...paging, ...cursors, ...filters }, { additionalProperties: true });

/** The names in a query that are no filters. */
export const CONTROLS: Readonly<Record<'v4' | 'v5', ReadonlySet<string>>> = {
  v4: new Set(Object.keys(paging)),
  v5: new Set([...Object.keys(paging), ...Object.keys(cursors)]),
};
