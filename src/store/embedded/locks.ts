import postgres from 'postgres';
import { codeOf } from './error.ts';
import { isAlive } from './postmaster.ts';

/**
 * Who uses the embedded server: advisory locks of one session, held as long as its connection lives, so that a process
 * that dies gives them back. `user` is shared by all and taken alone by the last one out; `server` is taken alone by the
 * one process that serves. Advisory locks belong to a database: here `postgres`, because `tessera` may be dropped
 * and restored while somebody works.
 */
const LOCKS = { space: 0x7e55e7a, user: 1, server: 2 };
const LOCK_DATABASE = 'postgres';

export type Role = 'server' | 'tool';

export interface Session {
  /** Settles when the connection ends, whoever ended it. */
  closed: Promise<void>;
  /**
   * Gives the locks back and tries to be the last one. True: nobody else uses the server, and nobody can begin to until
   * this session ends.
   */
  leave(): Promise<boolean>;
  end(): Promise<void>;
}

export type Entry =
  | { ok: true; session: Session }
  /** `leaving`: the last one is about to stop PostgreSQL. `silent`: it takes connections but does not answer. */
  | { ok: false; reason: 'leaving' | 'unreachable' | 'silent' | 'denied' }
  /** Another server; `holder` is its process id, null when it has gone meanwhile. */
  | { ok: false; reason: 'occupied'; holder: number | null };

export interface Address {
  port: number;
  password: string;
}

export function urlOf({ port, password }: Address, database: string): string {
  return `postgres://tessera:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

/** Connects and takes the locks of the role. Faults of the connection are answers, not exceptions. */
export async function enter(address: Address, role: Role, answerWithinMs: number): Promise<Entry> {
  const { promise: closed, resolve: onclose } = Promise.withResolvers<void>();
  const sql = postgres(urlOf(address, LOCK_DATABASE), {
    max: 1,
    // The driver would otherwise end the connection, and the locks with it, after half an hour or more.
    max_lifetime: null,
    connect_timeout: answerWithinMs / 1000,
    fetch_types: false,
    onnotice: () => {},
    onclose: () => onclose(),
    connection: { application_name: `tessera ${role} ${process.pid}` },
  });
  const end = () => sql.end({ timeout: 0 });
  const refuse = async (entry: Entry): Promise<Entry> => {
    await end();
    return entry;
  };
  const ask = <T>(statement: PromiseLike<T>) => answerOf(statement, closed, 2 * answerWithinMs);
  try {
    const [user] = await ask(sql`select pg_try_advisory_lock_shared(${LOCKS.space}, ${LOCKS.user}) as taken`);
    if (!user?.taken) return await refuse({ ok: false, reason: 'leaving' });
    if (role === 'server') {
      const [server] = await ask(sql`select pg_try_advisory_lock(${LOCKS.space}, ${LOCKS.server}) as taken`);
      if (!server?.taken)
        return await refuse({ ok: false, reason: 'occupied', holder: await ask(findServer(sql)) });
    }
    return { ok: true, session: { closed, leave: () => leave(sql), end } };
  } catch (error) {
    return await refuse({ ok: false, reason: reasonOf(error) });
  }
}

/**
 * The answer to a statement. The driver itself waits for ever when the connection is reset in the moment in which it
 * sends a statement (postgres 3.4.9), and PostgreSQL may stop between the greeting and the answer.
 * @param withinMs more than the driver's limit for the greeting, which comes first and tells more
 */
async function answerOf<T>(statement: PromiseLike<T>, closed: Promise<void>, withinMs: number): Promise<T> {
  const { promise: inVain, reject: giveUp } = Promise.withResolvers<never>();
  const limit = setTimeout(giveUp, withinMs, new Error('PostgreSQL does not answer.'));
  // The driver's own error, where it has one, comes first.
  void closed.then(() => setImmediate(giveUp, new Error('The connection ended.')));
  try {
    return await Promise.race([statement, inVain]);
  } finally {
    clearTimeout(limit);
  }
}

async function leave(sql: postgres.Sql): Promise<boolean> {
  // If the connection was lost the driver makes a new one here, without our locks: the answer is as true.
  await sql`select pg_advisory_unlock_all()`;
  const [alone] = await sql`select pg_try_advisory_lock(${LOCKS.space}, ${LOCKS.user}) as taken`;
  return alone?.taken === true;
}

async function findServer(sql: postgres.Sql): Promise<number | null> {
  const [holder] = await sql`
    select a.application_name as name
      from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 2
       and l.classid = ${LOCKS.space}::int::oid and l.objid = ${LOCKS.server}::int::oid
       and l.database = (select oid from pg_database where datname = current_database())`;
  const pid = Number(/ (\d+)$/.exec(String(holder?.name ?? ''))?.[1] ?? 0);
  return pid > 0 && isAlive(pid) ? pid : null;
}

function reasonOf(error: unknown): 'unreachable' | 'silent' | 'denied' {
  switch (codeOf(error)) {
    case 'CONNECT_TIMEOUT':
      return 'silent';
    // invalid_password, invalid_authorization_specification (pg_hba.conf), undefined role or database
    case '28P01':
    case '28000':
    case '3D000':
      return 'denied';
    // Starting up, shutting down, refused, reset, too many connections: all of them pass.
    default:
      return 'unreachable';
  }
}
