import { describe, expect, it } from 'vitest';
import {
  manyReasonCode,
  manyReasons,
  REASON_ROWS,
  type ReasonRow,
  reasonCatalogue,
} from '../fixture/reasons.ts';
import { searchReasons } from './search.ts';
import { labelOf, lineOf, type Reason, reasonTree, translate } from './tree.ts';

const tree = reasonTree(reasonCatalogue(REASON_ROWS));
const found = (query: string, language: string | null = null) =>
  searchReasons(tree, query, language, ['en']).map(({ reason }) => reason.code);
const reason = (code: string) => tree.byCode.get(code) as Reason;

describe('the tree', () => {
  it('has its reasons below each other, in the order of their codes as people count', () => {
    expect(tree.roots.map(({ code }) => code)).toEqual(['1', '2']);
    expect(reason('1A').children.map(({ code }) => code)).toEqual(['1A.1', '1A.2', '1A.10']);
    expect(lineOf(reason('1A.2')).map(({ code }) => code)).toEqual(['1', '1A', '1A.2']);
  });

  it('names a reason in the language asked for, else in one that it has', () => {
    expect(translate(reason('1A.2'), ['es', 'en'])?.text).toBe('Dirección equivocada');
    expect(translate(reason('1A.2'), ['th', 'en'])?.text).toBe('Wrong address');
    expect(translate(reason('2A.2'), ['es'])?.text).toBe('Charged twice');
    expect(labelOf(reason('2A.2'), ['es', 'en'])).toBe('Pago - Reembolso - Charged twice');
  });

  it('is grown once for the same catalogue', () => {
    const catalogue = reasonCatalogue(REASON_ROWS);
    expect(reasonTree(catalogue)).toBe(reasonTree(catalogue));
  });

  it('lets a reason whose parent is gone stand at the top', () => {
    const orphans = reasonTree(reasonCatalogue(REASON_ROWS.filter(([code]) => code !== '1')));
    expect(orphans.roots.map(({ code }) => code)).toEqual(['1A', '2']);
  });
});

describe('searching for a contact reason', () => {
  it.each([
    ['1A.1', ['1A.1', '1A.10']],
    ['1a.10', ['1A.10']],
    ['2', ['2A.1', '2A.2']],
    ['Wrong address', ['1A.2']],
    ['address wrong', ['1A.2']],
    ['WRO', ['1A.2']],
    ['direccion', ['1A.2']],
    ['Dirección equiv', ['1A.2']],
    ['adress', ['1A.2']],
    ['wrnog addres', ['1A.2']],
    ['reembolzo', ['2A.1']],
    ['delivery', ['1A.1']],
    ['refund', ['2A.1']],
    ['payment charged', ['2A.2']],
    ['payment', []],
    ['rider', ['1A.10']],
    ['nothing like it', []],
    ['', []],
    ['  ', []],
    ['- !', []],
  ])('"%s" finds %j', (query, codes) => {
    expect(found(query)).toEqual(codes);
  });

  it('keeps to one language where it is asked to', () => {
    expect(found('entrega', 'es')).toEqual(['1A.1']);
    expect(found('entrega', 'en')).toEqual([]);
    expect(found('1A.1', 'de')).toEqual(['1A.1', '1A.10']);
  });

  it('shows the name that was found, and for a code the one in the language wanted', () => {
    const names = (query: string, language: string | null, shown: string[]) =>
      searchReasons(tree, query, language, shown).map(({ translation }) => translation?.text);
    expect(names('cancelada', null, ['en'])).toEqual(['Entrega cancelada']);
    expect(names('1A.2', null, ['es'])).toEqual(['Dirección equivocada']);
    expect(names('1A.2', 'en', ['es'])).toEqual(['Wrong address']);
  });
});

describe('a typing error in one language that is a word in another', () => {
  const rows: readonly ReasonRow[] = [
    ['1', 1, null, { en: 'Food' }],
    ['1A', 2, '1', { en: 'Quality' }],
    ['1A.1', 3, '1A', { en: 'Overcooked pizza', de: 'Pizza verbrannt' }],
    ['1A.2', 3, '1A', { en: 'Wrong address', de: 'Falsche Adresse' }],
    ['1A.3', 3, '1A', { en: 'Smoke', de: 'Overcoked' }],
  ];
  const names = (query: string, language: string | null, shown: string[]) =>
    searchReasons(reasonTree(reasonCatalogue(rows)), query, language, shown).map(
      ({ translation }) => translation?.text,
    );

  it.each<[string, string | null, string[], string[]]>([
    ['overcoked', null, ['en'], ['Overcoked', 'Overcooked pizza']],
    ['overcoked', null, ['de'], ['Overcoked']],
    ['overcoked', null, ['th', 'en'], ['Overcoked', 'Overcooked pizza']],
    ['overcoked', 'en', ['de'], ['Overcooked pizza']],
    ['adres', null, ['en'], ['Wrong address']],
    ['adres', null, ['de'], ['Falsche Adresse']],
    ['adres', null, ['th'], ['Falsche Adresse']],
    ['adres', 'en', ['en'], ['Wrong address']],
    ['adresse', null, ['en'], ['Falsche Adresse']],
  ])('"%s" in the language %s, read by one of %j, finds %j', (query, language, shown, texts) => {
    expect(names(query, language, shown)).toEqual(texts);
  });
});

describe('searching among 5,000 contact reasons', () => {
  const large = reasonTree(reasonCatalogue(manyReasons()));
  const fifty = (code: (n: number) => string) => Array.from({ length: 50 }, (_, n) => code(n));
  /** Every ninth reason is one about vouchers alone; the first of them have the shortest names. */
  const vouchers = fifty((n) => manyReasonCode(9 * n + 3));

  it.each([
    ['case1a4', null, ['3-3.10']],
    ['3-4.7', null, ['3-4.7']],
    ['3-4.', null, fifty((n) => `3-4.${n}`)],
    ['voucher cas', null, vouchers],
    ['vuocher cas', null, vouchers],
    ['case1a4 thword', 'th', ['3-3.10']],
    ['case1a4 thword', 'en', []],
    ['zzzzzzz', null, []],
  ])('"%s" in the language %s finds fifty at most, the best first', (query, language, codes) => {
    expect(searchReasons(large, query, language, ['en']).map(({ reason }) => reason.code)).toEqual(codes);
  });
});
