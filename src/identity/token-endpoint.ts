import type { EventEmitter } from 'node:events';
import Provider, { type Adapter, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { Logger } from 'pino';
import type { Sql } from '../store/database.ts';
import { isUnavailable } from '../store/failure.ts';
import { ACCESS_TOKEN_SECONDS, ALGORITHM, AUDIENCE, ownClaims } from './claims.ts';
import { findLiveClient } from './clients.ts';
import type { Keyring, Keys } from './keyring.ts';
import { isSecretOf } from './secret-hash.ts';
import { type HttpCallback, JWKS_PATH, TOKEN_PATH } from './token-paths.ts';

export interface TokenEndpointOptions {
  readonly sql: Sql;
  readonly log: Logger;
  readonly keyring: Keyring;
  readonly issuer: string;
  /** Where clients reach the server, for the URLs in the discovery document; null for the address that was asked. */
  readonly publicUrl: string | null;
  /** Signs the provider's cookies; none is set by client credentials. */
  readonly secret: string;
}

/**
 * OAuth2 client credentials (RFC 6749, section 4.4) giving JWT access tokens (RFC 9068), the key set and discovery, by
 * oidc-provider. A provider has its keys for life, so another one takes over when the keys change.
 */
export function createTokenEndpoint(options: TokenEndpointOptions): HttpCallback {
  let current: { version: string; callback: HttpCallback } | null = null;
  return async (request, response) => {
    const keys = await options.keyring.current();
    if (current?.version !== keys.version) {
      const provider = createProvider(options, keys);
      const callback = provider.callback();
      current = { version: keys.version, callback: async (req, res) => await callback(req, res) };
    }
    await current.callback(request, response);
  };
}

/** What a client brings into its tokens, carried through the provider in this property of its metadata. */
const METADATA = 'tessera';

function createProvider(options: TokenEndpointOptions, keys: Keys): Provider {
  const { issuer, log } = options;
  const provider = new Provider(issuer, configuration(options, keys));
  // The database keeps hashes: the adapter gives the hash as the secret, and here a secret is compared with it.
  Object.defineProperty(provider.Client.prototype, 'compareClientSecret', {
    value(this: { clientSecret?: string }, secret: string) {
      return isSecretOf(this.clientSecret ?? '', secret);
    },
  });
  provider.use(describeOnlyWhatIsServed(options.publicUrl));
  provider.on('server_error', (ctx, error) => {
    if (isUnavailable(error)) {
      ctx.status = 503;
      ctx.set('Retry-After', '1');
    }
    log.error({ err: error }, 'the token endpoint failed');
  });
  // What Koa itself catches; without a listener it writes to the console.
  const koa: EventEmitter = provider;
  koa.on('error', (error: unknown) => log.error({ err: error }, 'the token endpoint failed'));
  provider.on('grant.error', (_ctx, error) => log.info({ reason: error.message }, 'a token was refused'));
  return provider;
}

function configuration({ sql, secret }: TokenEndpointOptions, keys: Keys): Configuration {
  return {
    adapter: (model: string) => adapter(sql, model),
    jwks: { keys: [...keys.jwks] as NonNullable<Configuration['jwks']>['keys'] },
    cookies: { keys: [secret] },
    routes: { token: TOKEN_PATH, jwks: JWKS_PATH },
    scopes: [],
    claims: {},
    responseTypes: [],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    clientDefaults: {
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      id_token_signed_response_alg: ALGORITHM,
    },
    clientBasedCORS: () => false,
    extraClientMetadata: { properties: [METADATA] },
    extraTokenClaims: (ctx) => claimsOf(ctx),
    renderError: (ctx, out) => {
      ctx.type = 'json';
      ctx.body = out;
    },
    findAccount: () => undefined,
    ttl: { ClientCredentials: ACCESS_TOKEN_SECONDS },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        // A token is always for this server, whatever resource the client names.
        getResourceServerInfo: () => ({
          scope: '',
          audience: AUDIENCE,
          accessTokenTTL: ACCESS_TOKEN_SECONDS,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: ALGORITHM, kid: keys.signingKid } },
        }),
      },
    },
  };
}

type ClientEntry = ReturnType<typeof toMetadata>;

function toMetadata(client: NonNullable<Awaited<ReturnType<typeof findLiveClient>>>) {
  return {
    client_id: client.id,
    client_secret: client.secretHash,
    client_name: client.name,
    token_endpoint_auth_method: 'client_secret_basic' as const,
    [METADATA]: ownClaims(client.account, client.id, client, client.integration),
  };
}

function claimsOf(ctx: KoaContextWithOIDC): Record<string, unknown> {
  const claims = ctx.oidc.client?.[METADATA] as ClientEntry[typeof METADATA] | undefined;
  if (claims === undefined) throw new Error('A client has no claims.');
  return { ...claims };
}

/** Only clients are looked up; JWT access tokens are kept nowhere. */
function adapter(sql: Sql, model: string): Adapter {
  const nothing = async () => undefined;
  return {
    async find(id) {
      if (model !== 'Client') return undefined;
      const client = await findLiveClient(sql, id);
      return client === null ? undefined : toMetadata(client);
    },
    upsert: nothing,
    findByUserCode: nothing,
    findByUid: nothing,
    consume: nothing,
    destroy: nothing,
    revokeByGrantId: nothing,
  };
}

/** Discovery names an authorization endpoint and scopes that are not there, and builds URLs from the Host header. */
function describeOnlyWhatIsServed(publicUrl: string | null) {
  const UNSERVED = [
    'authorization_endpoint',
    'authorization_response_iss_parameter_supported',
    'claim_types_supported',
    'claims_parameter_supported',
    'claims_supported',
    'code_challenge_methods_supported',
    'request_parameter_supported',
    'request_uri_parameter_supported',
    'response_modes_supported',
    'scopes_supported',
  ];
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>) => {
    if (!URL.canParse(ctx.href)) {
      ctx.status = 400;
      ctx.body = { error: 'invalid_request', error_description: 'the Host header is not valid' };
      return;
    }
    await next();
    const body: unknown = ctx.body;
    if (!ctx.path.startsWith('/.well-known/') || typeof body !== 'object' || body === null) return;
    const base = publicUrl ?? ctx.href;
    const served = Object.entries(body).filter(([name]) => !UNSERVED.includes(name));
    ctx.body = {
      ...Object.fromEntries(served),
      token_endpoint: new URL(TOKEN_PATH, base).href,
      jwks_uri: new URL(JWKS_PATH, base).href,
    };
  };
}
