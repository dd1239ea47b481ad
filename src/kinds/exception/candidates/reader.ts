import type { LogReader } from '../../../readers/log-reader.ts';
import type { Store } from '../../../store/store.ts';
import { CANDIDATES_READER, keepProviders } from './store.ts';

/** Follows the log to keep the list of service providers with open exceptions. */
export function candidatesReader({ sql }: Store): LogReader {
  return {
    name: CANDIDATES_READER,
    step: (account) => keepProviders(sql, account),
    concerns: ({ ticket, event }) => ticket.kind === 'exception' && event.from !== event.to,
  };
}
