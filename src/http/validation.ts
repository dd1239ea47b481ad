import type { FastifyRequest, FastifySchema, RouteOptions } from 'fastify';
import { IsOptional, type TSchema } from 'typebox';
import { type FieldError, invalid, type Refusal, RefusalError, refuse } from '../kernel/errors.ts';
import { MOST_FAULTS } from '../kernel/schema-faults.ts';
import { isStorableText } from '../kernel/text.ts';
import { compileSchema } from './schema-compile.ts';
import { takesList, textReader } from './text-values.ts';

/** Finds the faults of one part of a request, and puts the value that the handler sees in its place. */
type PartCheck = (request: FastifyRequest) => readonly FieldError[];

const NO_FAULTS: readonly FieldError[] = [];

/**
 * Checks a route's requests against its schema, before the handler and after the route's own `preValidation` hooks.
 * Unlike Fastify, which stops at the first part that is wrong, it names the faults of all parts together.
 */
export function validateRoute(route: RouteOptions): void {
  const later = route.config?.tellsBodyFaults ?? false;
  const checks = checksOf(route.schema ?? {}, later);
  const hooks = route.preValidation === undefined ? [] : [route.preValidation].flat();
  route.preValidation = [
    ...hooks,
    async (request) => {
      const errors = checks.flatMap((check) => check(request));
      if (errors.length > 0) throw new RefusalError(refuseFaults(errors));
    },
  ];
}

/** The refusal for everything that is wrong with a request. It says so where that is more than it lists. */
export function refuseFaults(errors: readonly FieldError[]): Refusal {
  if (errors.length < MOST_FAULTS) return invalid(errors);
  return invalid(
    errors.slice(0, MOST_FAULTS),
    `The request breaks ${MOST_FAULTS} rules or more; the first ${MOST_FAULTS} faults are listed with their places.`,
  );
}

function checksOf({ params, querystring, headers, body }: FastifySchema, later: boolean): PartCheck[] {
  const checks: PartCheck[] = [checkText];
  if (params) checks.push(textCheck(params as TSchema, '/path', 'params'));
  if (querystring) checks.push(textCheck(querystring as TSchema, '/query', 'query'));
  if (headers) checks.push(headerCheck(headers as TSchema));
  if (body) {
    const check = bodyCheck(body as TSchema | BodyByType);
    checks.push(later ? leftToHandler(check) : check);
  }
  return checks;
}

function leftToHandler(check: PartCheck): PartCheck {
  return (request) => {
    const errors = check(request);
    request.bodyFaults = errors.length > 0 ? errors : null;
    return NO_FAULTS;
  };
}

/** Percent-encoding can bring NUL into a path or a query, where no schema would look for it. */
const checkText: PartCheck = (request) => {
  if (!request.url.includes('%')) return NO_FAULTS;
  return [...unstorable('/path', request.params), ...unstorable('/query', request.query)];
};

function unstorable(prefix: string, values: unknown): FieldError[] {
  return Object.entries(values ?? {})
    .filter(([name, value]) => ![name, value].flat().every((text) => isStorableText(String(text))))
    .map(([name]) => ({
      pointer: isStorableText(name) ? `${prefix}/${name}` : prefix,
      message: 'must not contain NUL characters or lone surrogates',
    }));
}

function textCheck(schema: TSchema, prefix: string, part: 'params' | 'query'): PartCheck {
  const read = textReader(schema);
  const compiled = compileSchema(schema);
  return (request) => {
    const values = (request[part] ?? {}) as Record<string, unknown>;
    const result = compiled.check(read(values), prefix);
    if (!result.ok) return result.errors.map((error) => repeated(error, values, prefix, schema));
    request[part] = result.value;
    return NO_FAULTS;
  };
}

/** `?limit=1&limit=2` is a list; where one value is wanted, that is what there is to say. */
function repeated(
  error: FieldError,
  values: Record<string, unknown>,
  prefix: string,
  schema: TSchema & { readonly properties?: Readonly<Record<string, TSchema>> },
): FieldError {
  const name = error.pointer.slice(prefix.length + 1);
  const isOneTooMany = Array.isArray(values[name]) && !takesList(schema.properties?.[name]);
  return isOneTooMany ? { pointer: error.pointer, message: 'must be given only once' } : error;
}

/** Headers are checked but stay as they came: a schema names only those that the operation reads. */
function headerCheck(schema: TSchema): PartCheck {
  const read = textReader(schema);
  const compiled = compileSchema(schema);
  return (request) => {
    const result = compiled.check(read(request.headers), '/header');
    return result.ok ? NO_FAULTS : result.errors;
  };
}

/** A body's schemas by media type, as Fastify and OpenAPI write it. */
interface BodyByType {
  readonly content: Readonly<Record<string, { readonly schema: TSchema }>>;
}

function bodyCheck(body: TSchema | BodyByType): PartCheck {
  if (!('content' in body)) return oneBodyCheck(body);
  const byType = new Map(
    Object.entries(body.content).map(([type, { schema }]) => [type.toLowerCase(), oneBodyCheck(schema)]),
  );
  const types = [...byType.keys()].join(', ');
  const [any] = byType.values();
  return (request) => {
    // No body has no type.
    if (request.body === undefined && any) return any(request);
    const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    const check = byType.get(type);
    if (check) return check(request);
    throw new RefusalError(refuse('unsupportedMediaType', `The body must be one of ${types}.`));
  };
}

function oneBodyCheck(schema: TSchema): PartCheck {
  const compiled = compileSchema(schema);
  const optional = IsOptional(schema);
  return (request) => {
    if (request.body === undefined) {
      return optional ? NO_FAULTS : [{ pointer: '', message: 'a body is required' }];
    }
    const result = compiled.check(request.body);
    if (!result.ok) return result.errors;
    request.body = result.value;
    return NO_FAULTS;
  };
}
