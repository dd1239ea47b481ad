import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { TSchema } from 'typebox';
import type { Actor } from '../kernel/actor.ts';
import type { ErrorCode, Refusal } from '../kernel/errors.ts';
import { byPrecision, claims, pathClaim } from './path-claim.ts';

/** The Fastify instance that routes are registered on; schemas are TypeBox and give the handlers their types. */
export type HallInstance = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** How a contract spells its errors. */
export interface ErrorFormat {
  /** Such as `application/problem+json`. */
  readonly contentType: string;
  /** Each code's HTTP status; the compiler reports a code that is missing. */
  readonly statuses: Readonly<Record<ErrorCode, number>>;
  /** The body of a refusal, ready for `JSON.stringify`. It must not throw. */
  body(refusal: Refusal, status: number, requestId: string): unknown;
  /** The body's shape, for the documentation. */
  readonly schema?: TSchema;
}

/** A way to prove who is calling, as OpenAPI describes it. */
export type SecurityScheme =
  | { readonly type: 'http'; readonly scheme: string; readonly description?: string }
  | {
      readonly type: 'apiKey';
      readonly in: 'header' | 'query' | 'cookie';
      readonly name: string;
      readonly description?: string;
    }
  | {
      readonly type: 'oauth2';
      readonly flows: {
        readonly clientCredentials: {
          readonly tokenUrl: string;
          readonly scopes: Readonly<Record<string, string>>;
        };
      };
      readonly description?: string;
    };

/** A second credential: an API key in `x-api-key`, beside a bearer token in `Authorization`. */
export interface KeyBesideToken {
  /** Whether the account's callers have to bring one. A key that is brought is checked in any case. */
  isNeeded(account: string): Promise<boolean>;
}

/** One published API: an HTTP surface with its own paths and its own way to say no. */
export interface Contract {
  /** Such as `trouble`; the documentation is at `/docs/<name>`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The version of the API that is spoken, `1.0.0` when absent. */
  readonly version?: string;
  /**
   * Such as `/v1/troubleTicket`, or with a pattern `/v2/tickets/*-tickets`; matched on whole path segments, the one
   * that says most of all contracts wins. A path that a route serves belongs to the route's contract.
   */
  readonly prefixes: readonly string[];
  readonly errors: ErrorFormat;
  /** Bodies may be forms too, urlencoded or multipart, with bracketed names; JSON alone when absent. */
  readonly readsForms?: boolean;
  /** By name; any one of them is enough, but where a key stands beside the token. A bearer token when absent. */
  readonly security?: Readonly<Record<string, SecurityScheme>>;
  /** Callers prove twice who they are: by a token, and by an API key of the same account. */
  readonly keyBesideToken?: KeyBesideToken;
  /** Registers the routes with their full paths. */
  routes(app: HallInstance): void | Promise<void>;
}

/** Routes that belong to no contract, such as the OAuth endpoints. Anybody may call them; errors are problems. */
export interface Plugin {
  readonly name: string;
  register(app: HallInstance): void | Promise<void>;
}

/** What a request says about its caller, unchecked. */
export interface Credential {
  /** The `Authorization` header as it stands. */
  readonly authorization: string | null;
  /** The `x-api-key` header. */
  readonly apiKeyHeader: string | null;
  /** The value of `apiKey` in the query. */
  readonly apiKeyQuery: string | null;
  /** The `Cookie` header; null on a write that another site's page has started. */
  readonly cookie: string | null;
  /** SHA-256 in base64url over the four; a key for caches that must not hold secrets. Null where all are null. */
  readonly digest: string | null;
  /** The contract that is called. */
  readonly contract: string;
  /** An API key in `Authorization` does not count. */
  readonly tokenOnly?: boolean;
}

/** Finds out who is calling, or why not. */
export type Authenticate = (credential: Credential) => Promise<Actor | Refusal>;

/** The contract that owns a path (without its query), null where none does. */
export function contractFinder(contracts: readonly Contract[]): (path: string) => Contract | null {
  const owners = contracts
    .flatMap((contract) => contract.prefixes.map((prefix) => ({ claim: pathClaim(prefix), contract })))
    .sort((a, b) => byPrecision(a.claim, b.claim));
  return (path) => {
    const segments = decodePath(path).slice(1).split('/');
    return owners.find(({ claim }) => claims(claim, segments))?.contract ?? null;
  };
}

/** The router matches decoded paths, so `/%74roubleTicket` belongs to whom `/troubleTicket` belongs to. */
function decodePath(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
