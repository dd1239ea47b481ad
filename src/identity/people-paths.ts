export const AUTH_PATH = '/api/auth';

/** Every path of better-auth that is served, below AUTH_PATH; the rest of it is reached by code only. */
export const SERVED_PATHS = [
  '/sign-in/email',
  '/sign-out',
  '/get-session',
  '/change-password',
  '/list-sessions',
  '/revoke-session',
  '/revoke-other-sessions',
  '/organization/list',
  '/organization/set-active',
] as const;

/** Set by the route and nobody else: a caller's own header of this name is replaced. */
export const ADDRESS_HEADER = 'x-tessera-address';

export const COOKIE_PREFIX = 'tessera';

/** The session cookie's name; browsers take the second one over https only. */
export const SESSION_COOKIES = [
  `${COOKIE_PREFIX}.session_token`,
  `__Secure-${COOKIE_PREFIX}.session_token`,
] as const;
