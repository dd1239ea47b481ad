import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { runsAsRoot } from './account.ts';
import type { Folder } from './folder.ts';

const LIMIT_BYTES = 10 * 1024 * 1024;
const KEPT_BYTES = 1024 * 1024;

/** PostgreSQL's own log. Append mode, so that it can be shortened below the process that writes it. */
export async function openLog(folder: Folder): Promise<FileHandle> {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  const file = await open(folder.logFile, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  if (runsAsRoot()) await file.chown(folder.owner.uid, folder.owner.gid);
  return file;
}

/** Cuts a log of more than 10 MB down to its last 1 MB. Lines that arrive in between may be lost. */
export async function shortenLog(folder: Folder): Promise<void> {
  const file = await openLog(folder);
  try {
    const { size } = await file.stat();
    if (size <= LIMIT_BYTES) return;
    const tail = await readFrom(file, size - KEPT_BYTES);
    await file.truncate(0);
    await file.write(tail.slice(tail.indexOf('\n') + 1));
  } finally {
    await file.close();
  }
}

/** What was written since the file had `position` bytes, at most 1 MB. */
export async function readFrom(file: FileHandle, position: number): Promise<string> {
  const buffer = Buffer.alloc(KEPT_BYTES);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
  return buffer.toString('utf8', 0, bytesRead);
}
