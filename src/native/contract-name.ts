/** What events name as the contract that a command came through. */
export const CONTRACT = 'native';
