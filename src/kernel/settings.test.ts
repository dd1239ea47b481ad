import { describe, expect, it } from 'vitest';
import { type SettingDefinition, settingFault, shownValue } from './settings.ts';

function setting(type: SettingDefinition['type']): SettingDefinition {
  return { key: 'k', type, default: '', label: 'A setting' };
}

const NO_SERVICE = 'must be an address such as https://example.org, or http for a server on this machine';

describe('settingFault', () => {
  it.each<[SettingDefinition['type'], string, string | null]>([
    ['duration', 'PT72H', null],
    ['duration', '72', 'must be an ISO 8601 duration such as PT72H'],
    ['duration', 'P999999Y', 'must be an ISO 8601 duration such as PT72H'],
    ['count', '0', null],
    ['count', '999999999', null],
    ['count', '1000000000', 'must be a whole number from 0 to 999999999'],
    ['count', '-1', 'must be a whole number from 0 to 999999999'],
    ['count', '1.5', 'must be a whole number from 0 to 999999999'],
    ['count', '03', 'must be a whole number from 0 to 999999999'],
    ['boolean', 'true', null],
    ['boolean', 'yes', 'must be true or false'],
    ['text', 'x'.repeat(1000), null],
    ['text', 'x'.repeat(1001), 'must have at most 1000 characters'],
    ['service', '', null],
    ['service', 'https://acme.zendesk.com', null],
    ['service', 'https://acme.zendesk.com/base', null],
    ...['http://localhost:1', 'http://127.0.0.1:8080', 'http://[::1]:8080'].map(
      (url): [SettingDefinition['type'], string, null] => ['service', url, null],
    ),
    ...['acme.zendesk.com', 'http://acme.zendesk.com', 'http://127.0.0.1.example.org', 'ftp://localhost'].map(
      (url): [SettingDefinition['type'], string, string] => ['service', url, NO_SERVICE],
    ),
    ['service', 'https://me:it@acme.zendesk.com', `${NO_SERVICE}, without credentials, query and fragment`],
    ['service', 'https://acme.zendesk.com?a=b', `${NO_SERVICE}, without credentials, query and fragment`],
    [['a', 'b'], 'b', null],
    [['a', 'b'], 'c', 'must be one of a, b'],
  ])('of type %j says of %.10j: %j', (type, value, fault) => {
    expect(settingFault(setting(type), value)).toBe(fault);
  });
});

describe('shownValue', () => {
  it('hides what is secret, but not that it is not set', () => {
    const secret = { ...setting('text'), secret: true } as const;
    expect([shownValue(secret, 'abc'), shownValue(secret, '')]).toEqual(['(secret)', '']);
    expect(shownValue(setting('text'), 'abc')).toBe('abc');
  });
});
