/** What the published text writes before a help desk's number. */
const PREFIX = 'ZDTICKET-';

/** `ZDTICKET-12345` and `12345` name one ticket of the help desk: both spellings, whichever is given. */
export function spellingsOf(reference: string): string[] {
  const isPrefixed = reference.toUpperCase().startsWith(PREFIX) && reference.length > PREFIX.length;
  const bare = isPrefixed ? reference.slice(PREFIX.length) : reference;
  return [bare, `${PREFIX}${bare}`];
}
