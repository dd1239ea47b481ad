/** The contract's name, as events tell it. */
export const CONTRACT = 'service';
