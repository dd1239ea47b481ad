const ACCOUNT_KEY = '[a-z0-9][a-z0-9-]{0,39}';
const CLIENT_ID = new RegExp(`^(${ACCOUNT_KEY})\\.[A-Za-z0-9_-]{16}$`);
const API_KEY = new RegExp(`^tk_(${ACCOUNT_KEY})_[A-Za-z0-9_-]{43}$`);

const WHOLE = new RegExp(`^${ACCOUNT_KEY}$`);

export function isAccountKey(text: string): boolean {
  return WHOLE.test(text);
}

/** The account that a client id names (`default.x7Hk…`), null where the text is no client id. */
export function accountOfClientId(text: string): string | null {
  return CLIENT_ID.exec(text)?.[1] ?? null;
}

/** The account that an API key names (`tk_default_…`), null where the text is no API key. */
export function accountOfApiKey(text: string): string | null {
  return API_KEY.exec(text)?.[1] ?? null;
}
