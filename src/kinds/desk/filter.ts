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
  readonly tag?: string | undefined;
  readonly externalReference?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Words, to be found by the beginning of each. */
  readonly text?: string | undefined;
}

/** Both together: where both narrow the same part, the second one has its way, but states are those of both. */
export function both(first: DeskFilter, second: DeskFilter): DeskFilter {
  const states =
    first.states && second.states
      ? first.states.filter((state) => second.states?.includes(state))
      : (second.states ?? first.states);
  const text = [first.text, second.text].filter(Boolean).join(' ');
  const given = Object.fromEntries(Object.entries(second).filter(([, value]) => value !== undefined));
  return { ...first, ...given, states, text: text === '' ? undefined : text };
}
