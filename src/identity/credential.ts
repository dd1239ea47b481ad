/** What a request says about its caller, unchecked. Null and undefined both say that it is not there. */
export interface Credential {
  /** The `Authorization` header: `Bearer` with a token or an API key, `apikey` or `Basic` with an API key. */
  readonly authorization?: string | null | undefined;
  readonly apiKeyHeader?: string | null | undefined;
  readonly apiKeyQuery?: string | null | undefined;
  /** The `Cookie` header. Who asks leaves it out on a write that another site's page has started. */
  readonly cookie?: string | null | undefined;
  /** An API key in `Authorization` does not count. */
  readonly tokenOnly?: boolean | undefined;
}

/** A credential as it will be verified. */
export type Proof =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'key'; readonly key: string };

const SCHEME = /^([A-Za-z]+) +(\S+)$/;

/** Reads an `Authorization` header; null where it is none that this server knows. */
export function readAuthorization(header: string): Proof | null {
  const [, scheme, value] = SCHEME.exec(header.trim()) ?? [];
  if (scheme === undefined || value === undefined) return null;
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return value.startsWith('tk_') ? { kind: 'key', key: value } : { kind: 'token', token: value };
    case 'apikey':
      return { kind: 'key', key: value };
    case 'basic':
      return { kind: 'key', key: passwordOf(value) };
    default:
      return null;
  }
}

function passwordOf(basic: string): string {
  const text = Buffer.from(basic, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}
