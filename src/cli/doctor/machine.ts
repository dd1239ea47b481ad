import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Finding, fail, messageOf, ok, warn } from './finding.ts';

/** The first version that runs TypeScript without a flag. */
const OLDEST_NODE = [22, 18] as const;

const GIGABYTE = 1e9;
const LITTLE_SPACE = 2 * GIGABYTE;
const NO_SPACE = 0.2 * GIGABYTE;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  return isOld
    ? fail('Node', version, `Use Node ${OLDEST_NODE.join('.')} or newer; the npm scripts bring their own.`)
    : ok('Node', version);
}

/** Whether the embedded database can keep its data there. A folder that is not there yet will be made. */
export async function checkDataFolder(dataDir: string): Promise<Finding[]> {
  const place = await firstThatExists(dataDir);
  const isNew = place === dataDir ? '' : ' (it will be made)';
  try {
    await access(place, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const advice = 'Change its owner, or choose another folder with TESSERA_DATA.';
    return [fail('data folder', `${place} cannot be written: ${messageOf(error)}`, advice)];
  }
  return [ok('data folder', `${dataDir}${isNew}`), await checkSpace(place)];
}

async function checkSpace(place: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(place);
  const free = bavail * bsize;
  const found = `${(free / GIGABYTE).toFixed(1)} GB free`;
  const advice = `Free some space on the disk of ${place}: a full disk stops all writing.`;
  if (free < NO_SPACE) return fail('disk', found, advice);
  return free < LITTLE_SPACE ? warn('disk', found, advice) : ok('disk', found);
}

async function firstThatExists(path: string): Promise<string> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  return exists || dirname(path) === path ? path : firstThatExists(dirname(path));
}
