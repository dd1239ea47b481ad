import swagger from '@fastify/swagger';
import type { FastifyContextConfig, FastifyInstance, FastifySchema } from 'fastify';
import { IsOptional, type TSchema, Type } from 'typebox';
import { type ErrorCode, errorCatalogue } from '../kernel/errors.ts';
import type { Contract, ErrorFormat, SecurityScheme } from './contract.ts';
import { describeSuccesses, successHeaders } from './openapi-success.ts';

/** A contract's OpenAPI 3.1 document as JSON text. */
export type ContractDocument = () => string;

const BEARER: Readonly<Record<string, SecurityScheme>> = {
  bearer: { type: 'http', scheme: 'bearer', description: 'A JWT access token, or an API key.' },
};

/** Marks an operation whose body may be left out, on its way through the plugin, which takes each body for needed. */
const OPTIONAL_BODY = 'x-optional-body';
/** The same for an operation that creates. */
const CREATES = 'x-creates';

interface Operation {
  parameters?: object[];
  requestBody?: object;
  [OPTIONAL_BODY]?: true;
  [CREATES]?: true;
  responses: Record<string, object>;
  security?: object[];
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
type PathItem = Partial<Record<(typeof METHODS)[number], Operation>>;

/**
 * Collects the routes that are registered on `scope` from here on into one document, made from the schemas that
 * check the requests. What holds for all operations of a kind (errors, headers of writes) is added by itself.
 */
export async function describeContract(
  scope: FastifyInstance,
  contract: Contract,
): Promise<ContractDocument> {
  const schemes = contract.security ?? BEARER;
  await scope.register(swagger, {
    convertConstToEnum: false,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: contract.title,
        description: contract.description,
        version: contract.version ?? '1.0.0',
      },
      servers: [{ url: '/' }],
      security: requirements(contract, Object.keys(schemes)),
      components: { securitySchemes: structuredClone(schemes) as Record<string, never> },
    },
    transform: ({ schema, url, route }) => ({ url, schema: describeRoute(schema ?? {}, route.config ?? {}) }),
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject;
      const object = document.openapiObject;
      object.components = {
        ...object.components,
        ...sharedComponents(contract.errors),
        headers: successHeaders,
      };
      for (const [path, item] of Object.entries(object.paths ?? {})) {
        describeOperations(item as PathItem, contract.errors);
        for (const method of METHODS) {
          describeSuccesses(path, method, (item as PathItem)[method]?.responses ?? {});
        }
      }
      return object;
    },
  });
  let text: string | null = null;
  return () => {
    text ??= JSON.stringify(scope.swagger());
    return text;
  };
}

/** What a caller has to bring: any one of the schemes, or all of them together. */
function requirements({ keyBesideToken }: Contract, names: readonly string[]): Record<string, string[]>[] {
  const each = names.map((name) => ({ [name]: [] }));
  return keyBesideToken ? [Object.assign({}, ...each)] : each;
}

function describeRoute(
  schema: FastifySchema,
  { permission, public: open, creates }: FastifyContextConfig,
): FastifySchema {
  const described = { ...schema };
  if (schema.querystring) described.querystring = withoutDefaults(schema.querystring as TSchema);
  if (permission !== undefined) {
    const names = [permission].flat().map((name) => `\`${name}\``);
    const needs = `Needs the permission ${names.join(' or ')}.`;
    described.description = schema.description ? `${schema.description}\n\n${needs}` : needs;
  }
  if (open) described.security = [];
  if (schema.body && mayBeLeftOut(schema.body)) Object.assign(described, { [OPTIONAL_BODY]: true });
  if (creates) Object.assign(described, { [CREATES]: true });
  return described;
}

/** A body with a schema for each media type may be left out where each of them says so. */
function mayBeLeftOut(body: object): boolean {
  if (!('content' in body)) return IsOptional(body);
  return Object.values(body.content as Record<string, { schema: object }>).every(({ schema }) =>
    IsOptional(schema),
  );
}

/** A parameter that has a default may be left out, though the handler always sees one. */
function withoutDefaults(schema: TSchema): TSchema {
  const { properties = {}, required = [] } = schema as {
    properties?: Record<string, { default?: unknown }>;
    required?: string[];
  };
  return { ...schema, required: required.filter((name) => properties[name]?.default === undefined) };
}

/** The codes that an operation may answer with, by what it does. */
const ALWAYS: readonly ErrorCode[] = [
  'invalidRequest',
  'notFound',
  'ticketNotFound',
  'rateLimited',
  'unavailable',
  'internalError',
];
const WITH_CREDENTIAL: readonly ErrorCode[] = ['unauthenticated', 'forbidden'];
/** A body is read also where the operation names none. */
const ON_WRITE: readonly ErrorCode[] = [
  'malformedBody',
  'unsupportedMediaType',
  'payloadTooLarge',
  'unknownParty',
  'notYourTransition',
  'invalidTransition',
  'stateMoved',
  'duplicate',
  'referenceMismatch',
  'contention',
  'idempotencyKeyReused',
  'idempotencyInFlight',
];

function describeOperations(item: PathItem, { statuses }: ErrorFormat): void {
  for (const method of METHODS) {
    const operation = item[method];
    if (!operation) continue;
    const open = operation.security?.length === 0;
    const isWrite = method !== 'get';
    const takesVersion = isWrite && !operation[CREATES];
    delete operation[CREATES];
    if (operation[OPTIONAL_BODY]) {
      operation.requestBody = { ...operation.requestBody, required: false };
      delete operation[OPTIONAL_BODY];
    }
    const codes = [
      ...ALWAYS,
      ...(open ? [] : WITH_CREDENTIAL),
      ...(isWrite ? ON_WRITE : []),
      ...(takesVersion ? (['versionMismatch'] as const) : []),
    ];
    for (const code of codes) {
      operation.responses[statuses[code]] ??= { $ref: `#/components/responses/Error${statuses[code]}` };
    }
    if (isWrite) {
      const shared = ['IdempotencyKey', ...(takesVersion ? ['IfMatch'] : [])].map((name) => ({
        $ref: `#/components/parameters/${name}`,
      }));
      operation.parameters = [...(operation.parameters ?? []), ...shared];
    }
  }
}

function sharedComponents({ contentType, statuses, schema = Type.Unknown() }: ErrorFormat) {
  const codes = Object.keys(errorCatalogue) as ErrorCode[];
  const mediaType = contentType.split(';', 1)[0] ?? contentType;
  const byStatus = Map.groupBy(codes, (code) => statuses[code]);
  const responses = [...byStatus].map(([status, group]) => [
    `Error${status}`,
    {
      description: group.map((code) => errorCatalogue[code]).join(' Or: '),
      ...(status === 401 && { headers: { 'WWW-Authenticate': { schema: { type: 'string' } } } }),
      ...((status === 429 || status === 503) && {
        headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } },
      }),
      content: { [mediaType]: { schema: { $ref: '#/components/schemas/Error' } } },
    },
  ]);
  return {
    schemas: { Error: schema as Record<string, never> },
    responses: Object.fromEntries(responses),
    parameters: {
      IdempotencyKey: {
        name: 'Idempotency-Key',
        in: 'header' as const,
        description:
          'Makes the write safe to repeat: within 24 hours the same request with the same key gets the first answer again, marked `Idempotency-Replayed: true`.',
        schema: { type: 'string' as const, minLength: 1, maxLength: 255 },
      },
      IfMatch: {
        name: 'If-Match',
        in: 'header' as const,
        description:
          'The ETag of the version that the write is meant for; if another is present, it is refused.',
        schema: { type: 'string' as const },
      },
    },
  };
}
