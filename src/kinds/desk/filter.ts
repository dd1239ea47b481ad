import type { DeskState } from './workflow.ts';

/** What a list of help-desk tickets shows; every part narrows it. */
export interface DeskFilter {
  /** One of these; all when absent. */
  readonly states?: readonly DeskState[] | undefined;
  readonly number?: number | undefined;
  /** 1 is urgent. */
  readonly priority?: number | undefined;
  readonly brand?: number | undefined;
  readonly channel?: number | undefined;
  readonly form?: number | undefined;
  readonly direction?: string | undefined;
  /** The number of a group, as text; null: of no group. */
  readonly queue?: string | null | undefined;
  readonly assignee?: string | undefined;
  readonly customer?: string | undefined;
  /** All of these. */
  readonly tags?: readonly string[] | undefined;
  readonly externalReference?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Words, to be found by the beginning of each. */
  readonly text?: string | undefined;
}

/** What both show. No ticket has two values of a part that has one; words are put together in their order. */
export function both(first: DeskFilter, second: DeskFilter): DeskFilter {
  const { states, tags, text, ...values } = second;
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const differ = given.some(([name, value]) => {
    const other = first[name as keyof DeskFilter];
    return other !== undefined && other !== value;
  });
  const common = first.states && states ? first.states.filter((state) => states.includes(state)) : undefined;
  return {
    ...first,
    ...Object.fromEntries(given),
    states: differ ? [] : (common ?? states ?? first.states),
    tags: first.tags && tags ? [...new Set([...first.tags, ...tags])] : (tags ?? first.tags),
    text: [first.text, text].filter(Boolean).join(' ') || undefined,
  };
}
