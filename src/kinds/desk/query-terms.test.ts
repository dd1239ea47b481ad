import { describe, expect, it } from 'vitest';
import { both, type DeskFilter } from './filter.ts';
import { parseQuery } from './query-terms.ts';

describe('parseQuery', () => {
  it.each<[string, DeskFilter]>([
    ['', {}],
    ['  lost   parcel ', { text: 'lost parcel' }],
    ['status:open', { states: ['open'] }],
    ['status:open,pending parcel', { states: ['open', 'pending'], text: 'parcel' }],
    ['priority:high brand:2 channel:1 form:5', { priority: 2, brand: 2, channel: 1, form: 5 }],
    ['group:3', { queue: '3' }],
    ['group:0', { queue: null }],
    ['tag:"very important" user:eva', { tag: 'very important', assignee: 'eva' }],
    ['id:12 customer:7 external:CRM-77', { number: 12, customer: '7', externalReference: 'CRM-77' }],
    ['direction:inbound', { direction: 'inbound' }],
    ['from:ana@example.com', { from: 'ana@example.com', text: 'ana@example.com' }],
    ['see https://example.com/a', { text: 'see https://example.com/a' }],
    ['"two words"', { text: '"two words"' }],
  ])('reads %j', (query, filter) => {
    expect(parseQuery(query)).toEqual({ ok: true, filter });
  });

  it.each(['status:done', 'priority:normal', 'brand:x', 'id:1.5', 'direction:both'])(
    'refuses %j',
    (query) => {
      expect(parseQuery(`a ${query}`)).toMatchObject({
        code: 'invalidRequest',
        errors: [{ pointer: '/query/query', message: `has a wrong value in ${query}` }],
      });
    },
  );
});

it('two filters together are narrower than each', () => {
  expect(both({ states: ['new', 'open'], brand: 1, text: 'a' }, { states: ['open'], text: 'b' })).toEqual({
    states: ['open'],
    brand: 1,
    text: 'a b',
  });
  expect(both({ brand: 1 }, { brand: undefined })).toMatchObject({ brand: 1 });
});
