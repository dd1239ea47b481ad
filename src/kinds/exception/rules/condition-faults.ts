import type { FieldError } from '../../../kernel/errors.ts';
import { offsetMs } from './condition.ts';
import { FACTS, type FactName, type FactType, isFact } from './facts.ts';

const DEEPEST = 8;
const MOST_IN_LIST = 200;

const TYPES_OF: Readonly<Record<string, readonly FactType[]>> = {
  is: ['text', 'number', 'flag', 'moment'],
  eq: ['text', 'number', 'flag'],
  ne: ['text', 'number', 'flag'],
  in: ['text', 'number', 'flag'],
  lt: ['number'],
  gt: ['number'],
  before: ['moment'],
  after: ['moment'],
};
const OPERATORS = Object.keys(TYPES_OF);
const JS_TYPE = { text: 'string', number: 'number', flag: 'boolean', moment: 'string' } as const;
const CALLED = { text: 'a text', number: 'a number', flag: 'true or false', moment: 'a moment' } as const;

/**
 * Every fault of a condition, with its place.
 * @param place a JSON pointer to the condition
 * @param known the facts that it may ask for
 */
export function conditionFaults(
  condition: unknown,
  place: string,
  known: ReadonlySet<FactName> | null,
  depth = 0,
): FieldError[] {
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) {
    return [{ pointer: place, message: 'must be an object' }];
  }
  if (depth > DEEPEST)
    return [{ pointer: place, message: `must not be nested deeper than ${DEEPEST} levels` }];
  const data = condition as Readonly<Record<string, unknown>>;
  const names = Object.keys(data);
  const [combined] = names.filter((name) => name === 'all' || name === 'any' || name === 'not');
  if (combined === undefined) return comparisonFaults(data, place, known);
  if (names.length > 1) return [{ pointer: place, message: `must have nothing beside ${combined}` }];
  const part = data[combined];
  if (combined === 'not') return conditionFaults(part, `${place}/not`, known, depth + 1);
  if (!Array.isArray(part) || part.length === 0 || part.length > MOST_IN_LIST) {
    return [
      { pointer: `${place}/${combined}`, message: `must be a list of 1 to ${MOST_IN_LIST} conditions` },
    ];
  }
  return part.flatMap((one, index) =>
    conditionFaults(one, `${place}/${combined}/${index}`, known, depth + 1),
  );
}

function comparisonFaults(
  data: Readonly<Record<string, unknown>>,
  place: string,
  known: ReadonlySet<FactName> | null,
): FieldError[] {
  const { fact, ...rest } = data;
  if (typeof fact !== 'string' || !isFact(fact)) {
    const message =
      fact === undefined
        ? 'must name a fact, or have all, any or not'
        : `must be one of ${Object.keys(FACTS).join(', ')}`;
    return [{ pointer: fact === undefined ? place : `${place}/fact`, message }];
  }
  if (known && !known.has(fact)) {
    const message = `must be a fact that these events tell: ${[...known].join(', ')}`;
    return [{ pointer: `${place}/fact`, message }];
  }
  const [operator, ...more] = Object.keys(rest);
  if (operator === undefined || more.length > 0 || !OPERATORS.includes(operator)) {
    return [{ pointer: place, message: `must have one of ${OPERATORS.join(', ')} beside fact` }];
  }
  const { type } = FACTS[fact];
  if (!TYPES_OF[operator]?.includes(type)) {
    return [
      { pointer: `${place}/${operator}`, message: `does not go with ${fact}, which is ${CALLED[type]}` },
    ];
  }
  return valueFaults(operator, rest[operator], type, `${place}/${operator}`);
}

function valueFaults(operator: string, value: unknown, type: FactType, pointer: string): FieldError[] {
  if (operator === 'is') {
    return value === 'known' || value === 'unknown' ? [] : [{ pointer, message: 'must be known or unknown' }];
  }
  if (operator === 'before' || operator === 'after') {
    const fine = typeof value === 'string' && offsetMs(value) !== null;
    return fine ? [] : [{ pointer, message: 'must be now, or a duration from now such as PT2H or -PT2H' }];
  }
  const message = `must be ${CALLED[type]}`;
  if (operator !== 'in') return typeof value === JS_TYPE[type] ? [] : [{ pointer, message }];
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_IN_LIST) {
    return [{ pointer, message: `must be a list of 1 to ${MOST_IN_LIST} values` }];
  }
  return value.flatMap((one, index) =>
    typeof one === JS_TYPE[type] ? [] : [{ pointer: `${pointer}/${index}`, message }],
  );
}
