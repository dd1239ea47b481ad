/** The contract's name, as events tell it. */
export const CONTRACT = 'exceptions';
/** What the account's own people and programs call. */
export const BASE = '/ticketExceptions/v1';
/** What the help desk calls. */
export const PUBLIC_BASE = '/ticketExceptions/public/v1';
