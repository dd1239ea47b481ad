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
    ['tag:"very important" user:eva', { tags: ['very important'], assignee: 'eva' }],
    ['tag:blue tag:"red one" tag:blue', { tags: ['blue', 'red one'] }],
    ['brand:2 brand:02', { brand: 2 }],
    ['brand:2 brand:1', { brand: 1, states: [] }],
    ['group:3 group:03 customer:7 customer:07', { queue: '3', customer: '7' }],
    ['group:3 group:0', { queue: null, states: [] }],
    ['status:new status:closed', { states: [] }],
    ['status:open,new status:new,closed', { states: ['new'] }],
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
  expect(both({ tags: ['a'] }, { tags: ['b', 'a'] })).toMatchObject({ tags: ['a', 'b'] });
});

it('two filters that no ticket can meet find nothing, whatever else is asked for', () => {
  const impossible = both({ priority: 1 }, { priority: 4 });
  expect(impossible.states).toEqual([]);
  expect(both(impossible, { states: ['open'], priority: 1 }).states).toEqual([]);
});
