import { describe, expect, it } from 'vitest';
import { holds } from './condition.ts';
import type { Condition, RuleData } from './rule.ts';
import { ruleFaults } from './rule-faults.ts';

const sound: RuleData = {
  exceptionType: '1',
  isActive: true,
  description: 'A rule',
  arms: [{ events: ['NewWorkItem'] }],
  delay: { after: 'PT4H', time: 'plain', from: 'event' },
  disarms: [],
  settles: [],
  subject: 'About {{ authorizationNumber }}',
  comment: '',
};

const withCondition = (condition: unknown) => ({ ...sound, condition: condition as Condition });
const nested = (depth: number): unknown =>
  depth === 0 ? { fact: 'status', is: 'known' } : { not: nested(depth - 1) };

describe('a rule', () => {
  it('that is sound has no faults', () => {
    expect(ruleFaults(sound)).toEqual([]);
    const condition = {
      all: [
        { fact: 'priority', lt: 3 },
        { any: [{ fact: 'status', in: ['new'] }, { not: { fact: 'etaAt', after: '-PT2H' } }] },
        { fact: 'isComplex', ne: true },
        { fact: 'team', is: 'unknown' },
      ],
    };
    expect(ruleFaults(withCondition(condition))).toEqual([]);
  });

  it.each<[string, RuleData, string[]]>([
    ['nothing that arms it', { ...sound, arms: [] }, ['/arms']],
    ['no facts', withCondition({}), ['/condition']],
    ['an unknown fact', withCondition({ fact: 'weather', is: 'known' }), ['/condition/fact']],
    ['two comparisons at once', withCondition({ fact: 'priority', lt: 3, gt: 1 }), ['/condition']],
    ['an unknown comparison', withCondition({ fact: 'priority', like: 3 }), ['/condition']],
    [
      'a comparison that does not go with the fact',
      withCondition({ fact: 'status', lt: 3 }),
      ['/condition/lt'],
    ],
    ['a value of another type', withCondition({ fact: 'priority', eq: 'high' }), ['/condition/eq']],
    ['a list with a wrong value', withCondition({ fact: 'status', in: ['new', 3] }), ['/condition/in/1']],
    ['an empty list', withCondition({ all: [] }), ['/condition/all']],
    [
      'more beside a list',
      withCondition({ all: [{ fact: 'status', is: 'known' }], fact: 'status' }),
      ['/condition'],
    ],
    ['a wrong moment', withCondition({ fact: 'etaAt', before: 'noon' }), ['/condition/before']],
    ['a wrong word', withCondition({ fact: 'etaAt', is: 'there' }), ['/condition/is']],
    [
      'something deep inside',
      withCondition({ all: [{ any: [{ not: { fact: 'x' } }] }] }),
      ['/condition/all/0/any/0/not/fact'],
    ],
    ['no end of parts within parts', withCondition(nested(9)), [`/condition${'/not'.repeat(9)}`]],
    ['a condition that is none', withCondition({ not: 7 }), ['/condition/not']],
    [
      'a fact that its event cannot tell',
      { ...sound, arms: [{ events: ['NewWorkItem', 'StatusEvent'], when: { fact: 'priority', eq: 1 } }] },
      ['/arms/0/when/fact'],
    ],
    [
      'faults where it disarms and settles',
      {
        ...sound,
        disarms: [{ events: ['BidModification'], when: { fact: 'status', eq: 'x' } }],
        settles: [{ events: ['StatusEvent'] }, { events: ['StatusEvent'], when: { fact: 'status', eq: 1 } }],
      },
      ['/disarms/0/when/fact', '/settles/1/when/eq'],
    ],
    [
      'delays that are none, or too long',
      {
        ...sound,
        delay: {
          after: 'soon',
          byPriority: { 1: 'P400D', 2: 'PT1H' },
          time: 'plain',
          from: { fact: 'status' as never },
        },
      },
      ['/delay/after', '/delay/byPriority/1', '/delay/from/fact'],
    ],
    [
      'templates that cannot be rendered',
      { ...sound, subject: '{{ weather }}', comment: '{% if %}' },
      ['/subject', '/comment'],
    ],
  ])('with %s is faulty just there', (_, rule, pointers) => {
    expect(ruleFaults(rule).map(({ pointer }) => pointer)).toEqual(pointers);
  });
});

describe('a condition', () => {
  const now = Date.parse('2026-03-02T12:00:00Z');
  const facts = { priority: 2, status: 'new', etaAt: '2026-03-02T13:00:00.000Z', isComplex: false } as const;
  const value = (fact: string) => (facts as Record<string, string | number | boolean>)[fact] ?? null;

  it.each<[Condition, boolean]>([
    [{ fact: 'priority', is: 'known' }, true],
    [{ fact: 'team', is: 'unknown' }, true],
    [{ fact: 'status', eq: 'new' }, true],
    [{ fact: 'team', eq: 'x' }, false],
    [{ fact: 'team', ne: 'x' }, true],
    [{ fact: 'isComplex', ne: true }, true],
    [{ fact: 'status', in: ['a', 'new'] }, true],
    [{ fact: 'team', in: ['a'] }, false],
    [{ fact: 'priority', lt: 3 }, true],
    [{ fact: 'priority', gt: 2 }, false],
    [{ fact: 'bidAmount', lt: 100 }, false],
    [{ fact: 'etaAt', after: 'now' }, true],
    [{ fact: 'etaAt', before: 'PT2H' }, true],
    [{ fact: 'etaAt', before: '-PT2H' }, false],
    [{ fact: 'etaAt', after: 'PT1H' }, false],
    [{ fact: 'statusAt', before: 'now' }, false],
    [{ fact: 'statusAt', after: 'now' }, false],
    [{ not: { fact: 'status', eq: 'new' } }, false],
    [
      {
        all: [
          { fact: 'status', eq: 'new' },
          { fact: 'priority', eq: 1 },
        ],
      },
      false,
    ],
    [
      {
        any: [
          { fact: 'status', eq: 'new' },
          { fact: 'priority', eq: 1 },
        ],
      },
      true,
    ],
  ])('%j: %s', (condition, expected) => {
    expect(holds(condition, value, now)).toBe(expected);
  });
});
