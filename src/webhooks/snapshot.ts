/**
 * Whether a transaction had ended when a snapshot was taken: that of `pg_snapshot` as text, `xmin:xmax:running,…`. As
 * `pg_visible_in_snapshot` says it: https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT
 */
export function isVisibleIn(snapshot: string, xid: string): boolean {
  const [xmin = '0', xmax = '0', running = ''] = snapshot.split(':');
  const id = BigInt(xid);
  if (id < BigInt(xmin)) return true;
  return id < BigInt(xmax) && !running.split(',').includes(xid);
}
