import { invalid, type Refusal } from '../../kernel/errors.ts';

/** Deeper names are nobody's, and each level costs a call. */
const DEEPEST = 8;

const NAME = /^([^[\]]+)((?:\[[^[\]]*\])+)$/;
const SEGMENT = /\[([^[\]]*)\]/g;
const INDEX = /^\d{1,9}$/;

/** A value, a list or an object that is being put together from the names that lead into it. */
interface Node {
  readonly values: unknown[];
  isList: boolean;
  readonly children: Map<string, Node>;
  /** The element that `name[][...]` goes on with. */
  open: number;
}

/**
 * Puts fields with bracketed names together: `ids[]=1`, `ids=1&ids=2`, `ids[0]=1` are lists, `actions[0][value]=x` a list
 * of objects. Indexes order a list; they do not leave holes in it. Names without brackets stay as they are, whatever
 * their value, so what is no form may come through here as well.
 */
export function expandNames(
  entries: Iterable<readonly [name: string, value: unknown]>,
): { readonly ok: true; readonly value: Record<string, unknown> } | Refusal {
  const root = newNode();
  for (const [name, value] of entries) {
    const path = pathOf(name);
    if (path.length > DEEPEST) {
      return invalid([
        { pointer: `/${path[0]}`, message: `must not be nested deeper than ${DEEPEST} levels` },
      ]);
    }
    insert(root, path, value);
  }
  return { ok: true, value: toObject(root) };
}

function newNode(): Node {
  return { values: [], isList: false, children: new Map(), open: -1 };
}

/** `a[b][]` as `a`, `b` and an empty segment. */
function pathOf(name: string): string[] {
  const match = NAME.exec(name);
  if (!match) return [name];
  const segments = (match[2] ?? '').matchAll(SEGMENT);
  return [match[1] ?? '', ...Array.from(segments, ([, segment = '']) => segment)];
}

function insert(root: Node, path: readonly string[], value: unknown): void {
  let node = root;
  for (const [place, segment] of path.entries()) {
    const isLast = place === path.length - 1;
    if (segment === '' && place > 0) {
      node.isList = true;
      if (isLast) break;
      const element = node.children.get(String(node.open));
      if (!element || element.children.has(path[place + 1] ?? '')) node.open += 1;
    }
    const key = segment === '' && place > 0 ? String(node.open) : segment;
    const child = node.children.get(key) ?? newNode();
    node.children.set(key, child);
    node = child;
  }
  // A list under a list's name is that list, not a list within it.
  if (node.isList && Array.isArray(value)) node.values.push(...value);
  else node.values.push(value);
}

function toValue(node: Node): unknown {
  const { values, children, isList } = node;
  if (children.size === 0) return values.length === 1 && !isList ? values[0] : values;
  const keys = [...children.keys()];
  if (keys.every((key) => INDEX.test(key))) {
    keys.sort((a, b) => Number(a) - Number(b));
    return [...values.flat(), ...keys.map((key) => toValue(children.get(key) as Node))];
  }
  return toObject(node);
}

function toObject({ children }: Node): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  for (const [key, child] of children) if (key !== '__proto__') entries.push([key, toValue(child)]);
  return Object.fromEntries(entries);
}
