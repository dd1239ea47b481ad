import type { Jobs, NewJob } from '../../../../jobs/jobs.ts';
import type { LogReader } from '../../../../readers/log-reader.ts';
import { inTransaction } from '../../../../store/database.ts';
import { findPosition, holdPosition, movePosition } from '../../../../store/reader.ts';
import type { Store } from '../../../../store/store.ts';
import { type Errand, ZENDESK_QUEUE } from './queue.ts';
import { type Occasion, readPart } from './store.ts';

/** The reader of the log that gives the jobs for Zendesk. */
export const ZENDESK_READER = 'zendesk';

/** The errands that follow from something that happened to an exception. */
const ERRANDS: Readonly<Record<Occasion['name'], readonly Errand[]>> = {
  open: [{ task: 'open', isRepeated: false }],
  settle: [{ task: 'settle', isRepeated: false }],
  retry: [
    { task: 'open', isRepeated: true },
    { task: 'settle', isRepeated: true },
  ],
};

/** Follows the log, and enqueues what Zendesk has to be told. */
export function zendeskReader(store: Store, jobs: Jobs): LogReader {
  return {
    name: ZENDESK_READER,
    step: (account) => enqueueErrands(store, jobs, account),
    concerns: ({ ticket, event }) => ticket.kind === 'exception' && (event.name ?? '') in ERRANDS,
  };
}

/**
 * One step of the reader: the jobs and its new position are one transaction. The log is read before that begins: if
 * another node was faster the position has moved, and nothing is done.
 */
async function enqueueErrands({ sql }: Store, jobs: Jobs, account: string): Promise<number> {
  const from = await findPosition(sql, account, ZENDESK_READER);
  const part = await readPart(sql, account, from);
  if (!part) return 0;
  const wanted = part.occasions.flatMap(({ ticket, name }) =>
    ERRANDS[name].map((errand): NewJob => ({ account, key: ticket, group: account, data: errand })),
  );
  const isOurs = await inTransaction(sql, async (tx) => {
    const held = await holdPosition(tx, account, ZENDESK_READER);
    if (held?.xid !== from.xid || held.seq !== from.seq) return false;
    await jobs.enqueue(tx, ZENDESK_QUEUE, wanted);
    await movePosition(tx, account, ZENDESK_READER, part.end);
    return true;
  });
  if (!isOurs) return 0;
  if (wanted.length > 0) jobs.wake(ZENDESK_QUEUE);
  return part.count;
}
