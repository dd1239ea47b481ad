/** A secret that payloads are signed with. */
export interface Secret {
  /** `whsec_` and base64, as Standard Webhooks writes it. */
  readonly secret: string;
  /** ISO 8601; null: it is the present one. */
  readonly validUntil: string | null;
}

export type TargetStatus = 'active' | 'paused' | 'off';

/** An address that is told what happens, with what it wants to hear. */
export interface Target<Filter = unknown> {
  readonly account: string;
  readonly id: string;
  /** The name of the format of its payloads. */
  readonly format: string;
  /** It hears of the tickets in which this party takes part, without what is internal; null: of all. */
  readonly party: string | null;
  readonly url: string;
  readonly description: string | null;
  /** What it wants to hear, in the format's own terms. */
  readonly filter: Filter;
  /** The newest first; each payload is signed with all that are still valid. */
  readonly secrets: readonly Secret[];
  /** `off`: the receiver answered that it is gone (410). */
  readonly status: TargetStatus;
  readonly statusReason: string | null;
  readonly version: number;
  /** The id of the actor that registered it. */
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
