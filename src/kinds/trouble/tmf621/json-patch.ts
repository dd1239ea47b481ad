import { applyPatch, type Operation } from 'rfc6902';
import { invalid, type Refusal, refuse } from '../../../kernel/errors.ts';
import type { Document } from './document.ts';
import { expandPath } from './patch-query.ts';

/** One step of a JSON patch, after its schema. */
export interface PatchStep {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** Names that are no member of any document, but that JavaScript would find in an object or a list. */
const NO_MEMBERS = new Set(['length', '__proto__', 'constructor', 'prototype']);
/** A patch that copies again and again would double the document each time. */
const LARGEST = 4 * 1024 ** 2;

/**
 * A document with a JSON patch done to it (https://www.rfc-editor.org/rfc/rfc6902), whole or not at all. As the standard's
 * own example has it, adding an object where a list stands puts it at the list's end.
 * @param queries whether a path may pick the items of a list: `/note?id=7/text`
 */
export function applyJsonPatch(
  document: Document,
  steps: readonly PatchStep[],
  queries: boolean,
): { readonly ok: true; readonly document: Document } | Refusal {
  const patched: Record<string, unknown> = structuredClone(document);
  for (const [index, step] of steps.entries()) {
    const expanded = queries ? expand(patched, step, index) : [step];
    if ('ok' in expanded) return expanded;
    for (const one of expanded) {
      const fault = doStep(patched, one);
      if (fault !== null) return faultAt(index, fault.member, fault.message, step.op === 'test');
    }
  }
  return { ok: true, document: patched };
}

function expand(document: Document, step: PatchStep, index: number): PatchStep[] | Refusal {
  const paths = expandPath(document, step.path);
  const sources = step.from === undefined ? [null] : expandPath(document, step.from);
  if (paths === null || paths.length === 0) return faultAt(index, 'path', 'picks nothing that is there');
  if (sources === null || sources.length !== 1) return faultAt(index, 'from', 'must pick one value');
  const from = sources[0]?.pointer;
  const picksItem = step.path.lastIndexOf('?') > step.path.lastIndexOf('/');
  // From the last one on, so that taking one away moves none that is still to come.
  return paths.toReversed().map(({ pointer: path, value }) => ({
    ...step,
    path,
    ...(from !== undefined && { from }),
    // An item that was picked by what it has keeps what the new value does not name.
    ...(step.op === 'replace' &&
      picksItem &&
      isObject(value) &&
      isObject(step.value) && { value: { ...value, ...step.value } }),
  }));
}

function isObject(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Fault {
  readonly member: 'path' | 'from' | 'value';
  readonly message: string;
}

function doStep(document: Record<string, unknown>, step: PatchStep): Fault | null {
  for (const member of ['path', 'from'] as const) {
    const message = pointerFault(step[member]);
    if (message !== null) return { member, message };
  }
  const needs = { add: 'value', replace: 'value', test: 'value', move: 'from', copy: 'from', remove: null }[
    step.op
  ];
  if (needs === 'from' && step.from === undefined) return { member: 'from', message: 'is required' };
  if (needs === 'value' && !('value' in step)) return { member: 'value', message: 'is required' };
  const [error] = applyPatch(document, [toOperation(document, step)]);
  if (error) {
    const message = step.op === 'test' ? 'is not the value that is there' : 'leads to nothing that is there';
    return { member: step.op === 'test' ? 'value' : 'path', message };
  }
  const grown = step.op === 'copy' && JSON.stringify(document).length > LARGEST;
  return grown ? { member: 'path', message: 'makes the document too large' } : null;
}

/** The whole document is neither replaced nor taken away. */
function pointerFault(pointer: string | undefined): string | null {
  if (pointer === undefined) return null;
  if (!/^(?:\/(?:[^~/]|~[01])*)+$/.test(pointer)) return 'must be a JSON pointer such as /severity';
  const names = pointer.split('/').map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.some((name) => NO_MEMBERS.has(name)) ? 'leads to nothing that is there' : null;
}

function toOperation(document: Document, step: PatchStep): Operation {
  const { op, path, value } = step;
  const isItem = op === 'add' && isObject(value);
  const name = path.slice(1);
  const appended = isItem && Object.hasOwn(document, name) && Array.isArray(document[name]);
  return { ...step, path: appended ? `${path}/-` : path } as Operation;
}

/** A test that fails says that the ticket is not as the client believes: a conflict. */
function faultAt(index: number, member: string, message: string, isTest = false): Refusal {
  const errors = [{ pointer: `/${index}/${member}`, message }];
  if (isTest && member === 'value') {
    return refuse('referenceMismatch', 'A test of the patch failed: the ticket has another value.', {
      errors,
    });
  }
  return invalid(errors);
}
