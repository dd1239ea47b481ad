import type { IncomingMessage, ServerResponse } from 'node:http';

export type HttpCallback = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export const TOKEN_PATH = '/oauth2/token';
export const JWKS_PATH = '/oauth2/jwks';

/** Every path that the token endpoint answers, with its methods. */
export const OAUTH_ROUTES = [
  { url: TOKEN_PATH, methods: ['POST'] },
  { url: JWKS_PATH, methods: ['GET', 'OPTIONS'] },
  { url: '/.well-known/openid-configuration', methods: ['GET', 'OPTIONS'] },
  { url: '/.well-known/oauth-authorization-server', methods: ['GET', 'OPTIONS'] },
] as const;
