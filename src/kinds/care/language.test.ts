import { describe, expect, it } from 'vitest';
import { acceptedLanguages, languageCode } from './language.ts';

describe('languageCode', () => {
  it.each([
    ['en', 'en'],
    ['ENG', 'en'],
    ['English', 'en'],
    ['english', 'en'],
    ['en-GB', 'en'],
    ['en_GB', 'en'],
    [' es ', 'es'],
    ['spa', 'es'],
    ['german', 'de'],
    ['Chinese', 'zh'],
    ['zh-Hant-TW', 'zh'],
    ['klingonish!', 'klingonish!'],
    ['', ''],
  ])('reads %s as %s', (text, code) => {
    expect(languageCode(text)).toBe(code);
  });
});

describe('acceptedLanguages', () => {
  it.each<[string | undefined, string[]]>([
    [undefined, []],
    ['', []],
    ['*', []],
    ['de', ['de']],
    ['de-AT, de;q=0.9, en;q=0.5', ['de', 'en']],
    ['en;q=0.4, es;q=0.8, fr;q=0', ['es', 'en']],
    ['en;q=nonsense', []],
  ])('reads %s as %j', (header, codes) => {
    expect(acceptedLanguages(header)).toEqual(codes);
  });
});
