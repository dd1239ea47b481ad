import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What of V8's processor profile is read: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface HotSpot {
  readonly place: string;
  readonly selfMs: number;
  /** Of the time in which the process was not idle. */
  readonly share: number;
}

const REPOSITORY = `${pathToFileURL(join(import.meta.dirname, '..')).href}/`;

/** The newest profile of a folder, and its functions with the most time of their own. */
export async function readHotSpots(
  folder: string,
  most: number,
): Promise<{ readonly file: string; readonly hotSpots: HotSpot[] } | null> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.cpuprofile')).sort();
  const newest = files.at(-1);
  if (newest === undefined) return null;
  const file = join(folder, newest);
  const profile = JSON.parse(await readFile(file, 'utf8')) as CpuProfile;
  return { file: relative('.', file), hotSpots: hotSpotsOf(profile).slice(0, most) };
}

export function hotSpotsOf({ nodes, samples, timeDeltas }: CpuProfile): HotSpot[] {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const selfUs = new Map<string, number>();
  let busyUs = 0;
  samples.forEach((id, index) => {
    const place = places.get(id) ?? '(unknown)';
    const us = timeDeltas[index] ?? 0;
    if (place === '(idle)') return;
    busyUs += us;
    selfUs.set(place, (selfUs.get(place) ?? 0) + us);
  });
  return [...selfUs]
    .map(([place, us]) => ({ place, selfMs: us / 1000, share: us / busyUs }))
    .sort((a, b) => b.selfMs - a.selfMs);
}

function placeOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  return url === '' ? name : `${name} ${url.replace(REPOSITORY, '')}:${lineNumber + 1}`;
}
