import { betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import { organization } from 'better-auth/plugins/organization';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { newId } from '../kernel/id.ts';
import { noteFailure } from './library-answer.ts';
import { ADDRESS_HEADER, AUTH_PATH, COOKIE_PREFIX } from './people-paths.ts';

export interface PeopleLibraryOptions {
  readonly pool: Pool;
  readonly secret: string;
  readonly log: Logger;
  /** Where browsers reach the server, when the operator has said so. */
  readonly publicUrl: string | null;
  /** Cookies are sent over https only, and carry the `__Secure-` prefix. */
  readonly secure: boolean;
}

const hidden = { type: 'string', input: false, returned: true } as const;

/**
 * better-auth over the tables of schema `auth`: passwords, sessions, and an organisation per account and per party.
 * An organisation carries the account (and the party) that it stands for.
 */
export function createPeopleLibrary({ pool, secret, log, publicUrl, secure }: PeopleLibraryOptions) {
  return betterAuth({
    appName: 'Tessera',
    basePath: AUTH_PATH,
    // Without a public URL the address that the browser used counts, so that any host name of the machine works.
    ...(publicUrl === null ? {} : { baseURL: publicUrl }),
    secret,
    database: pool,
    telemetry: { enabled: false },
    // Without this it writes what callers did wrong to the console.
    onAPIError: { onError: (error) => reportError(log, error) },
    logger: { level: 'debug', disableColors: true, log: (level, message) => report(log, level, message) },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 8, maxPasswordLength: 128 },
    session: { expiresIn: 7 * 24 * 3600, updateAge: 24 * 3600 },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 600,
      // An address tries twenty passwords a minute; offices share an address.
      customRules: {
        '/sign-in/email': { window: 60, max: 20 },
        '/change-password': { window: 60, max: 20 },
      },
    },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: secure,
      // Said out loud, since the library turns them off by itself where NODE_ENV is test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      // Our migrations make its tables, and a test asks whether any is missing; at run time it need not look again.
      database: { generateId: () => newId(), validateSchema: false },
    },
    plugins: [
      organization({
        allowUserToCreateOrganization: false,
        disableOrganizationDeletion: true,
        membershipLimit: 1_000_000,
        schema: {
          organization: {
            additionalFields: {
              account: { ...hidden, required: true },
              party: { ...hidden, required: false },
            },
          },
        },
      }),
    ],
  });
}

export type PeopleLibrary = ReturnType<typeof createPeopleLibrary>;

/** What a caller did wrong is no fault of the server, so the library's words about it are for debugging. */
function report(log: Logger, level: 'debug' | 'info' | 'warn' | 'error', message: string): void {
  if (/invalid|not found|base url is not set/i.test(message)) log.debug(message);
  else log[level](message);
}

function reportError(log: Logger, error: unknown): void {
  const isRefusal = error instanceof APIError && error.statusCode < 500;
  if (isRefusal) log.debug({ reason: error.message }, 'sign-in or session request refused');
  else if (!noteFailure(error)) log.error({ err: error }, 'sign-in or session request failed');
}
