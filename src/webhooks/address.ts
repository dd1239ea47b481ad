import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** No request goes to where the address leads. */
class AddressError extends Error {
  override readonly name = 'AddressError';
}

const LONGEST_URL = 2_000;

/** `::a.b.c.d`, deprecated; the library takes it for an ordinary address. */
const COMPATIBLE = ipaddr.IPv6.parseCIDR('::/96');

/**
 * True for addresses of the public Internet; false for all others, and for IPv6 forms that carry an IPv4 address, which a
 * gateway may unpack (6to4, Teredo, NAT64).
 */
export function isPublicAddress(text: string): boolean {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (!ipaddr.isValid(bare)) return false;
  const address = ipaddr.process(bare);
  if (address instanceof ipaddr.IPv6 && address.match(COMPATIBLE)) return false;
  return address.range() === 'unicast';
}

/** Why a URL cannot be a target's, or null. Names are looked up when something is sent. */
export function urlFault(text: string, allowsPrivate: boolean): string | null {
  if (text.length > LONGEST_URL) return `must have at most ${LONGEST_URL} characters`;
  if (!URL.canParse(text)) return 'must be a URL';
  const { protocol, hostname, username, password } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'must begin with https:// or http://';
  if (username !== '' || password !== '') return 'must not hold a user name or a password';
  if (!allowsPrivate && literalOf(hostname) !== null && !isPublicAddress(hostname)) {
    return 'must lead to an address of the public Internet';
  }
  return null;
}

/** @throws AddressError where the host of a URL is an address that is not public; names are looked at by `publicLookup` */
export function refuseLiteral(hostname: string): void {
  const literal = literalOf(hostname);
  if (literal !== null && !isPublicAddress(literal)) throw notPublic(literal);
}

/** The address that a host is; null for a name. The URL parser has brought `127.1`, `0x7f000001` and the like into form. */
function literalOf(hostname: string): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) ? bare : null;
}

function notPublic(address: string): AddressError {
  return new AddressError(`The address ${address} is not one of the public Internet.`);
}

/**
 * Looks a name up as Node does, and gives only public addresses. The connection is made to what it gives, so a name that leads
 * elsewhere a moment later gains nothing.
 */
export const publicLookup: LookupFunction = (hostname, options, done) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    if (error) return done(error, '');
    const allowed = found.filter(({ address }) => isPublicAddress(address));
    const [first] = allowed;
    if (!first) return done(notPublic(found[0]?.address ?? hostname), '');
    if (options.all) done(null, allowed);
    else done(null, first.address, first.family);
  });
};
