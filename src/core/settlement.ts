/** The contract that what a settlement does to a child comes through. */
export const SETTLEMENT_CONTRACT = 'settlement';

/**
 * A ticket tells those that were made from it by hand-offs that the matter is settled. The event of the change tells it;
 * a reader of the log writes the comment on each of them, and brings it to its end where its kind says how
 * (`Receiver.settle`).
 */
export interface Settlement {
  /** For the children's histories, internal. */
  readonly comment: string;
  /** The child whose news led to the change, by id: it is not told again what it told. */
  readonly except?: string;
}

/** The settlement that an event tells; null where it tells none, or none that can be read. */
export function settlementOf(data: Readonly<Record<string, unknown>>): Settlement | null {
  const told = data.settlement;
  if (typeof told !== 'object' || told === null) return null;
  const { comment, except } = told as Partial<Settlement>;
  if (typeof comment !== 'string') return null;
  return { comment, ...(typeof except === 'string' && { except }) };
}
