import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What of V8's processor profile is read: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children?: readonly number[];
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** A share of the time in which the process was not idle. */
export interface HotSpot {
  readonly place: string;
  readonly share: number;
}

export interface HotSpots {
  /** Functions by the time that they spend themselves. */
  readonly functions: readonly HotSpot[];
  /** Our folders, packages and parts of Node by the time that they spend, or have V8 and the system spend for them. */
  readonly owners: readonly HotSpot[];
}

const REPOSITORY = `${pathToFileURL(join(import.meta.dirname, '..')).href}/`;

export function hotSpotsOf({ nodes, samples, timeDeltas }: CpuProfile): HotSpots {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const selfUs = new Map<number, number>();
  samples.forEach((id, index) => {
    selfUs.set(id, (selfUs.get(id) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const functions = new Map<string, number>();
  const owners = new Map<string, number>();
  let busyUs = 0;
  for (const [id, us] of selfUs) {
    const frame = byId.get(id)?.callFrame;
    if (!frame || frame.functionName === '(idle)') continue;
    busyUs += us;
    const owner = ownerOf(id, byId, parents);
    // A function of the system, such as a write to a socket, says little without who calls it.
    const place = frame.url === '' && owner !== 'V8' ? `${placeOf(frame)}, for ${owner}` : placeOf(frame);
    functions.set(place, (functions.get(place) ?? 0) + us);
    owners.set(owner, (owners.get(owner) ?? 0) + us);
  }
  const toList = (all: Map<string, number>) =>
    [...all].map(([place, us]) => ({ place, share: us / busyUs })).sort((a, b) => b.share - a.share);
  return { functions: toList(functions), owners: toList(owners) };
}

/** The nearest caller that is ours or a package's; what Node does by itself counts for Node's module. */
function ownerOf(
  start: number,
  byId: ReadonlyMap<number, ProfileNode>,
  parents: ReadonlyMap<number, number>,
): string {
  let builtIn: string | null = null;
  for (let id: number | undefined = start; id !== undefined; id = parents.get(id)) {
    const url = byId.get(id)?.callFrame.url ?? '';
    const owner =
      /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ??
      /^(src\/[^/]+(?:\/[^/]+)?)\//.exec(shorten(url))?.[1];
    if (owner !== undefined) return owner;
    if (url.startsWith('node:')) builtIn ??= url;
  }
  return builtIn ?? 'V8';
}

function placeOf({ functionName, url, lineNumber }: CallFrame): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  return url === '' ? name : `${name} ${shorten(url)}:${lineNumber + 1}`;
}

function shorten(url: string): string {
  return url.startsWith(REPOSITORY) ? url.slice(REPOSITORY.length) : url;
}
