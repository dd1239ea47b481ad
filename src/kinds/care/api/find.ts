import type { Ticket } from '../../../core/ticket.ts';
import { isUuid } from '../../../kernel/id.ts';
import { loadByUniqueKey, loadTicket } from '../../../store/load.ts';
import type { Store } from '../../../store/store.ts';
import { careKind } from '../kind.ts';

/** The care ticket that a path names: by its own id, or by the id that its client gave it. */
export async function findTicket({ sql }: Store, account: string, text: string): Promise<Ticket | null> {
  if (isUuid(text)) {
    const ticket = await loadTicket(sql, account, { id: text.toLowerCase() });
    if (ticket?.kind === careKind.name) return ticket;
  }
  return loadByUniqueKey(sql, account, careKind.name, text);
}
