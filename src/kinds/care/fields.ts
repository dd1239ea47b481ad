import type { Catalogue } from '../../core/collection.ts';
import type { Ticket } from '../../core/ticket.ts';
import type { Settings } from '../../kernel/settings.ts';
import type { CustomerInput, LinkInput, VendorInput } from './inputs.ts';
import { languageCode } from './language.ts';
import { labelOf, reasonTree } from './reasons/tree.ts';

/** The setting with the language of contact reasons where nobody asks for another. */
export const LANGUAGE_SETTING = 'care.language';
export const DEFAULT_LANGUAGE = 'en';

const LONGEST_TITLE = 500;

/** A ticket elsewhere that belongs to this one; an escalation's own is known once somebody has made it. */
export interface CareLink {
  /** Null for an escalation: the ticket that came of it, if one did, is linked to this one. */
  readonly ticketId: string | null;
  readonly ticketIdType: LinkInput['ticketIdType'];
  readonly ticketCategory: LinkInput['ticketCategory'];
  readonly creator: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly reason?: string | undefined;
  /** The department of an escalation. */
  readonly department?: string | undefined;
  /** The department has a ticket of another kind made of the escalation. */
  readonly isHandedOver?: true;
}

/** The fields that only a care ticket has. Moments are ISO 8601. */
export interface CareFields {
  /** The id that the client gave, unique among the account's care tickets. */
  readonly externalId?: string | undefined;
  readonly channel?: string | undefined;
  readonly type?: string | undefined;
  readonly source?: string | undefined;
  readonly content: Readonly<Record<string, unknown>>;
  /** An int32; the ticket's own priority is as near to it as its column can hold. */
  readonly priority: number;
  readonly statusReason?: string | undefined;
  /** Since when the ticket has its state. */
  readonly statusSince: string;
  readonly deadlineAt: string;
  readonly missedDeadlineAt?: string | undefined;
  readonly customer?: CustomerInput | undefined;
  readonly vendor?: VendorInput | undefined;
  /** The code of a contact reason, or the text that the client gave at creation. */
  readonly ccr?: string | undefined;
  readonly localCcr?: string | undefined;
  readonly country?: string | undefined;
  readonly language?: string | undefined;
  readonly entityId?: string | undefined;
  readonly links: readonly CareLink[];
  readonly department?: string | undefined;
  readonly resolutionStatus?: string | undefined;
  readonly resolutionReason?: string | undefined;
  readonly respondedAt?: string | undefined;
  readonly pickedAt?: string | undefined;
  readonly chatClosedAt?: string | undefined;
}

export function fieldsOf(ticket: Ticket): CareFields {
  return ticket.fields as unknown as CareFields;
}

/** The language of names where nobody asks for another, as a code. */
export function ownLanguage(settings: Settings): string {
  return languageCode(settings[LANGUAGE_SETTING] ?? DEFAULT_LANGUAGE);
}

/** A contact reason as people read it; what is no code stands for itself. */
export function reasonLabel(catalogue: Catalogue, ccr: string, languages: readonly string[]): string {
  const reason = reasonTree(catalogue).byCode.get(ccr);
  return reason ? labelOf(reason, languages) : ccr;
}

/** What a ticket is called where nobody gave it a title. */
export function titleOf(
  { ccr, customer, channel }: Pick<CareFields, 'ccr' | 'customer' | 'channel'>,
  catalogue: Catalogue,
  language: string,
): string {
  // A cut in the middle of a character would leave half of it, which cannot be stored.
  if (ccr) return reasonLabel(catalogue, ccr, [language]).slice(0, LONGEST_TITLE).toWellFormed();
  const who = customer?.name || customer?.email || customer?.id;
  const how = channel ? ` by ${channel}` : '';
  return who ? `${who}${how}` : `Customer contact${how}`;
}
