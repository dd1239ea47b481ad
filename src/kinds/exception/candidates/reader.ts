import type { LogReader } from '../../../readers/log-reader.ts';
import type { Store } from '../../../store/store.ts';
import { CANDIDATES_READER, keepProviders } from './store.ts';

/**
 * Follows the log to keep the list of service providers with open exceptions. Nothing makes it hurry: who asks for the
 * list is told what is in the log, too.
 */
export function candidatesReader({ sql }: Store): LogReader {
  return {
    name: CANDIDATES_READER,
    step: (account) => keepProviders(sql, account),
  };
}
