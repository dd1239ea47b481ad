import { statfs } from 'node:fs/promises';
import { diskFull, EmbeddedError, type EmbeddedErrorCode } from './error.ts';
import type { Folder } from './folder.ts';

/** One WAL segment: with less than this PostgreSQL cannot go on. */
const DISK_FULL_BELOW_BYTES = 16 * 1024 * 1024;

const NO_SPACE =
  /No space left on device|Disk quota exceeded|wrote only \d+ of \d+ bytes|Check free disk space/i;
const NO_ACCESS = /Permission denied|Read-only file system|has (invalid permissions|wrong ownership)/;

/**
 * Says why initdb or postgres ended: what it names in its own words; or that the disk is full, which it often cannot even
 * say then; or else `code` with the sentence `what` and the last complaint.
 */
export async function explain(
  output: string,
  folder: Folder,
  otherwise: { code: EmbeddedErrorCode; what: string; status: string },
): Promise<EmbeddedError> {
  const dataDir = folder.root;
  const { bavail, bsize } = await statfs(dataDir);
  if (NO_SPACE.test(output) || bavail * bsize < DISK_FULL_BELOW_BYTES) return diskFull(dataDir);
  const complaint = complaintIn(output) || otherwise.status;
  if (/database files are incompatible with server/.test(output)) {
    return new EmbeddedError(
      'dataVersion',
      `The database in ${dataDir} was made by another build of PostgreSQL: start the Tessera that made it, ` +
        'back up, and restore the backup here.',
    );
  }
  if (/could not look up effective user ID/.test(output)) {
    return new EmbeddedError(
      'noAccount',
      `The operating system knows no account for this user id (${complaint}): ` +
        'add it to /etc/passwd, run as another user, or set DATABASE_URL.',
    );
  }
  if (/locale|value for parameter "lc_/i.test(complaint)) {
    return new EmbeddedError(
      'locale',
      `PostgreSQL does not accept the locale settings of ${dataDir} (${complaint}): ` +
        'correct lc_messages and its neighbours in postgres/postgresql.conf there.',
    );
  }
  if (NO_ACCESS.test(complaint)) {
    return new EmbeddedError(
      'notWritable',
      `PostgreSQL may not use its files in ${dataDir} (${complaint}): give the folder to the user that runs Tessera.`,
    );
  }
  return new EmbeddedError(otherwise.code, `${otherwise.what} (${complaint}); its log is ${folder.logFile}.`);
}

/**
 * The complaint of initdb or postgres that tells most, without time and process id: the wrong line of a configuration,
 * else the last fatal one. Empty if there is none.
 */
export function complaintIn(output: string): string {
  const setting =
    /(?:invalid value for parameter|unrecognized configuration parameter|syntax error in file).*/.exec(
      output,
    );
  if (setting) return setting[0].trim();
  const found = [...output.matchAll(/(?:FATAL|PANIC|ERROR|initdb: error|error while loading[^:]*):\s+(.+)/g)];
  return found.at(-1)?.[1]?.trim() ?? '';
}
