import { type Static, Type } from 'typebox';
import type { Entry } from '../../../core/collection.ts';
import { parseDuration } from '../../../kernel/duration.ts';
import { EVENT_TYPES, type EventType } from '../events.ts';
import type { FactValue } from '../work-item.ts';
import type { FactName } from './facts.ts';

/** What has to hold of facts. `before` and `after` compare with now, or with now and a duration: `PT2H`, `-PT2H`. */
export type Condition =
  | { readonly fact: FactName; readonly is: 'known' | 'unknown' }
  | { readonly fact: FactName; readonly eq: Exclude<FactValue, null> }
  | { readonly fact: FactName; readonly ne: Exclude<FactValue, null> }
  | { readonly fact: FactName; readonly in: readonly Exclude<FactValue, null>[] }
  | { readonly fact: FactName; readonly lt: number }
  | { readonly fact: FactName; readonly gt: number }
  | { readonly fact: FactName; readonly before: string }
  | { readonly fact: FactName; readonly after: string }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

const duration = Type.String({ minLength: 2, maxLength: 50, description: 'ISO 8601, such as `PT4H`.' });
const condition = Type.Record(Type.String(), Type.Unknown(), {
  description:
    'One of `{fact, is}`, `{fact, eq|ne|in|lt|gt}`, `{fact, before|after: "now" or a duration from now}`, ' +
    '`{all: […]}`, `{any: […]}`, `{not: …}`.',
});
const matches = Type.Array(
  Type.Object({
    events: Type.Array(Type.Enum([...EVENT_TYPES]), { minItems: 1, maxItems: EVENT_TYPES.length }),
    when: Type.Optional(condition),
  }),
  { maxItems: 20 },
);

/** A rule as the collection keeps it. What the schema cannot say, `ruleFaults` checks. */
export const ruleData = Type.Object({
  exceptionType: Type.String({ minLength: 1, maxLength: 15, description: 'The key of an exception type.' }),
  isActive: Type.Boolean(),
  description: Type.String({ maxLength: 1000 }),
  arms: matches,
  condition: Type.Optional(condition),
  delay: Type.Object({
    after: duration,
    byPriority: Type.Optional(
      Type.Record(Type.String({ pattern: '^[1-9]$' }), duration, { additionalProperties: false }),
    ),
    time: Type.Enum(['plain', 'business']),
    from: Type.Union([Type.Literal('event'), Type.Object({ fact: Type.String({ maxLength: 50 }) })]),
  }),
  disarms: matches,
  settles: matches,
  subject: Type.String({ minLength: 1, maxLength: 1000, description: 'A template.' }),
  comment: Type.String({ maxLength: 10_000, description: 'A template.' }),
  changedBy: Type.Optional(
    Type.Union([
      Type.Object({
        personId: Type.String({ maxLength: 255 }),
        displayName: Type.String({ maxLength: 255 }),
      }),
      Type.Null(),
    ]),
  ),
});

/** Events of these types that fulfil the condition, which sees what the event itself tells. */
export interface EventMatch {
  readonly events: readonly EventType[];
  readonly when?: Condition;
}

export type RuleData = Omit<
  Static<typeof ruleData>,
  'arms' | 'disarms' | 'settles' | 'condition' | 'delay'
> & {
  readonly arms: readonly EventMatch[];
  readonly disarms: readonly EventMatch[];
  readonly settles: readonly EventMatch[];
  readonly condition?: Condition;
  readonly delay: {
    readonly after: string;
    readonly byPriority?: Readonly<Record<string, string>>;
    readonly time: 'plain' | 'business';
    readonly from: 'event' | { readonly fact: FactName };
  };
};

/** A rule that can be evaluated, with the identifier of the type of the exceptions that it opens. */
export interface Rule extends RuleData {
  readonly key: string;
  readonly typeName: string;
  /** Reading a duration costs microseconds, and there are thousands of evaluations a second. */
  readonly delayMs: number;
  readonly delayMsByPriority: Readonly<Record<string, number>>;
}

export const RULES = 'exception-rules';
export const TYPES = 'exception-types';

/** @param typeName the identifier of its type */
export function toRule({ key, data }: Pick<Entry, 'key' | 'data'>, typeName: string): Rule {
  const rule = data as unknown as RuleData;
  const { after, byPriority = {} } = rule.delay;
  const delayMsByPriority = Object.fromEntries(
    Object.entries(byPriority).map(([priority, text]) => [priority, parseDuration(text) ?? Number.NaN]),
  );
  return { ...rule, key, typeName, delayMs: parseDuration(after) ?? Number.NaN, delayMsByPriority };
}
