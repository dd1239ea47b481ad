import type { TObject, TSchema } from 'typebox';
import type { Ticket } from '../../../core/ticket.ts';
import type { Document } from './document.ts';
import type { ReadBody } from './read-body.ts';

/** One version of the standard: where it is served, and how it writes a ticket. */
export interface Version {
  readonly name: 'v4' | 'v5';
  /** The version of the standard's file. */
  readonly standard: string;
  readonly contract: string;
  /** Such as `/tmf-api/troubleTicket/v4`. */
  readonly base: string;
  readonly createBody: TObject;
  /** A ticket as a patch leaves it. */
  readonly patchedTicket: TObject;
  readonly patchBody: TSchema;
  readonly wireTicket: TObject;
  /** Takes JSON patches, reads and answers `fields` on writes, pages by cursors. */
  readonly isFifth: boolean;
  /** Attributes that only the server sets. */
  readonly immutable: readonly string[];
  /** Attributes that an answer has whatever `fields` says. */
  readonly always: readonly string[];
  toWire(ticket: Ticket, base: string): Document;
  readonly readBody: ReadBody;
}

/** What no patch of any resource changes. */
export const SERVER_SET = ['id', 'href', 'creationDate', 'lastUpdate', '@type'] as const;
