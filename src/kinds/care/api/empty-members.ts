import type { preValidationHookHandler } from 'fastify';
import type { TSchema } from 'typebox';

interface ShapeNode {
  readonly properties?: Readonly<Record<string, ShapeNode>>;
  readonly required?: readonly string[];
  readonly items?: ShapeNode;
}

/**
 * Takes out of a body what it may leave out and gives as null or as an empty text: clients that send whole structures do
 * so. What is needed stays, and so does what the schema does not name.
 */
export const dropEmptyMembers: preValidationHookHandler = (request, _reply, done) => {
  const schema = request.routeOptions.schema?.body as TSchema | undefined;
  if (schema && request.body !== undefined) request.body = withoutEmpty(schema as ShapeNode, request.body);
  done();
};

function withoutEmpty(schema: ShapeNode, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.map((item) => withoutEmpty(items, item)) : value;
  }
  const { properties, required = [] } = schema;
  if (!properties || typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).flatMap(([name, inner]) => {
    const part = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!part) return [[name, inner]];
    if (!required.includes(name) && (inner === null || inner === '')) return [];
    return [[name, withoutEmpty(part, inner)]];
  });
  return Object.fromEntries(members);
}
