import { describe, expect, it } from 'vitest';
import { isPublicAddress, publicLookup, urlFault } from './address.ts';

describe('an address', () => {
  it.each([
    '127.0.0.1',
    '127.255.0.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001::1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    'localhost',
    '',
  ])('%s is not of the public Internet', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '93.184.215.14', '2606:4700:4700::1111', '[2606:4700:4700::1111]', '::ffff:8.8.8.8'])(
    '%s is',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe('the URL of a target', () => {
  it.each([
    ['nonsense', 'must be a URL'],
    ['ftp://example.org/', 'must begin with https:// or http://'],
    ['file:///etc/passwd', 'must begin with https:// or http://'],
    ['https://me:secret@example.org/', 'must not hold a user name or a password'],
    [`https://example.org/${'x'.repeat(2000)}`, 'must have at most 2000 characters'],
    ['http://127.0.0.1/', 'must lead to an address of the public Internet'],
    ['http://127.1:8080/', 'must lead to an address of the public Internet'],
    ['http://0x7f000001/', 'must lead to an address of the public Internet'],
    ['http://2130706433/', 'must lead to an address of the public Internet'],
    ['http://[::ffff:127.0.0.1]/', 'must lead to an address of the public Internet'],
    ['http://[::ffff:a9fe:a9fe]/', 'must lead to an address of the public Internet'],
    ['https://example.org/hook?a=b', null],
    ['http://8.8.8.8:8080/', null],
    ['http://localhost/', null],
  ])('%s: %s', (url, fault) => {
    expect(urlFault(url, false)).toBe(fault);
  });

  it('may be private where the account allows it', () => {
    expect(urlFault('http://127.0.0.1:9/', true)).toBeNull();
  });
});

describe('a name', () => {
  const look = (name: string, all: boolean) =>
    new Promise((resolve) => {
      publicLookup(name, { all }, (error, address) => resolve(error ? error.message : address));
    });

  it('that leads to this machine leads nowhere', async () => {
    expect(await look('localhost', true)).toMatch(/^The address .* is not one of the public Internet\.$/);
    expect(await look('localhost', false)).toMatch(/^The address .* is not one of the public Internet\.$/);
  });
});
