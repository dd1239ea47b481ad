import { isDeepStrictEqual } from 'node:util';
import { mergePatch } from '../../../http/merge-patch.ts';
import type { FieldError, Refusal } from '../../../kernel/errors.ts';
import type { Document } from './document.ts';
import { applyJsonPatch, type PatchStep } from './json-patch.ts';

/** The media types of patches. Plain JSON is a merge patch as well. */
export const MERGE_TYPES = ['application/json', 'application/merge-patch+json'] as const;
export const JSON_PATCH_TYPES = ['application/json-patch+json', 'application/json-patch-query+json'] as const;
const QUERY_TYPE = 'application/json-patch-query+json';

/** A patch as it came: a document for a merge, or steps. */
export interface Patch {
  readonly mediaType: string;
  readonly body: unknown;
}

/** The media type of a request, without its parameters. */
export function mediaTypeOf(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** The document as the patch leaves it, not yet checked. */
export function applyToDocument(
  document: Document,
  { mediaType, body }: Patch,
): { readonly ok: true; readonly document: Document } | Refusal {
  if (!Array.isArray(body)) return { ok: true, document: mergePatch(document, body as Document) };
  return applyJsonPatch(document, body as PatchStep[], mediaType === QUERY_TYPE);
}

/** Whether the patch speaks of this attribute. */
export function touches({ body }: Patch, name: string): boolean {
  if (!Array.isArray(body)) return Object.hasOwn(body as object, name);
  return (body as PatchStep[]).some(({ path, from }) =>
    [path, from].some((pointer) => pointer === `/${name}` || pointer?.startsWith(`/${name}/`)),
  );
}

/** The attributes in which two documents differ. */
export function changedNames(before: Document, after: Document): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name]));
}

/** The attributes that only the server sets and that a patch would change. */
export function immutableFaults(changed: readonly string[], immutable: readonly string[]): FieldError[] {
  return changed
    .filter((name) => immutable.includes(name))
    .map((name) => ({ pointer: `/${name}`, message: 'cannot be changed' }));
}
