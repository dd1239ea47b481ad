import type { Ticket } from '../../core/ticket.ts';
import type { MoreFields } from './attributes.ts';

/** What a ticket shows of a file. */
export interface AttachmentInfo {
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
  readonly attachmentType?: string;
  readonly description?: string;
}

/** How the ticket came into a state. `at` is an ISO time. */
export interface StatusChange {
  readonly state: string;
  readonly at: string;
  readonly reason?: string;
}

/** The fields that only a trouble ticket has. Times are as the party wrote them. */
export interface TroubleFields extends MoreFields {
  /** What was said last, by whom and when. */
  readonly dialog: string;
  readonly dialogBy?: string;
  readonly dialogAt?: string;
  /** Where the dialog stands in the ticket by itself: the id of the note, or `description`. */
  readonly dialogNote?: string;
  /** Every state that the ticket has been in, the oldest first. */
  readonly statusChanges?: readonly StatusChange[];
  readonly troubleType: string;
  readonly troubleDescription: string;
  /** Absent where the ticket was opened by a contract that does not ask for it. */
  readonly troubleDetectionTime?: string;
  readonly troubledObject?: string;
  readonly customerTroubleNum?: string;
  readonly homeId?: string;
  readonly gescal37ID?: string;
  readonly wh1Parameter?: string;
  readonly wh2Parameter?: string;
  readonly wh3Parameter?: string;
  readonly wh4Parameter?: string;
  readonly wh5Parameter?: string;
  readonly clearencePerson?: string;
  readonly customer?: number;
  readonly closeOutType?: string;
  readonly closeOutNarr?: string;
  readonly serviceRestoredTime?: string;
  readonly attachments?: readonly AttachmentInfo[];
}

export function fieldsOf(ticket: Ticket): TroubleFields {
  return ticket.fields as unknown as TroubleFields;
}
