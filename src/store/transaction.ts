import type { Lane } from './lane.ts';
import type { Rows, Runner } from './statement.ts';

/**
 * Runs `work` between begin and commit on one connection, its statements one after the other. What comes when the
 * connection was lost, or when the transaction is over, is refused: it would take effect on its own.
 * @throws what `work` throws, or what made the commit impossible; where the connection was lost, it is not known whether
 *   the transaction was committed
 */
export async function runTransaction<T>(lane: Lane, work: (run: Runner) => Promise<T>): Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let over = false;
  let refused: unknown = null;
  const run: Runner = (statement) => {
    if (over) return Promise.reject(new Error('The transaction is over.'));
    const outcome: Promise<Rows> = last.then(() => lane.run((connection) => statement.on(connection)));
    last = outcome.catch((error: unknown) => {
      refused ??= error;
    });
    return outcome;
  };
  await lane.run((connection) => connection.unsafe('begin'));
  try {
    const result = await work(run);
    over = true;
    await last;
    // PostgreSQL answers the commit of a failed transaction with a rollback, and without an error.
    const { command } = await lane.run((connection) => connection.unsafe('commit'));
    if (command !== 'COMMIT') throw refused ?? new Error('The transaction was rolled back.');
    return result;
  } catch (error) {
    over = true;
    await last;
    if (lane.isOpen()) await rollBack(lane);
    throw error;
  }
}

async function rollBack(lane: Lane): Promise<void> {
  try {
    await lane.run((connection) => connection.unsafe('rollback'));
  } catch {
    // Nobody may get a connection that is still in a transaction.
    await lane.end();
  }
}
