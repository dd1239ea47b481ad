import type { Sql } from './database.ts';

export interface AttachmentFile {
  readonly name: string;
  readonly mimeType: string;
  readonly content: Uint8Array;
}

/** One file of a ticket, null where the ticket has none with this id. */
export async function findAttachment(
  sql: Sql,
  account: string,
  ticket: string,
  id: string,
): Promise<AttachmentFile | null> {
  const rows = await sql<AttachmentFile[]>`
    select name, mime_type as "mimeType", content from attachment
    where account = ${account} and id = ${id} and ticket = ${ticket}`;
  return rows[0] ?? null;
}
