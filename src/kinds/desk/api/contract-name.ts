export const CONTRACT = 'desk';
export const BASE = '/api/v2/ticket';
export const TAG = 'Ticket';
/** One ticket: its id is digits only. */
export const ITEM = `${BASE}/:ticketID(^\\d{1,15}$)`;
