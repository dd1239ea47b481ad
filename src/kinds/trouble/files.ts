import type { NewAttachment } from '../../core/kind.ts';
import { newId } from '../../kernel/id.ts';
import type { AttachmentInfo } from './fields.ts';
import type { FileInput } from './inputs.ts';

/** Files as they are to be kept. */
export function keepFiles(files: readonly FileInput[], now: Date): NewAttachment[] {
  return files.map(({ name, mimeType, content }) => {
    // Written anew, because PostgreSQL's decoder is stricter about padding and line breaks than Node's.
    const bytes = Buffer.from(content, 'base64');
    return { id: newId(now), name, mimeType, size: bytes.byteLength, content: bytes.toString('base64') };
  });
}

/** What the ticket shows of a file. */
export function describeFile({ id, name, mimeType, size }: NewAttachment): AttachmentInfo {
  return { id, name, mimeType, size };
}

/** A file with what its client says of it. */
export type DescribedFile = FileInput & Pick<AttachmentInfo, 'attachmentType' | 'description'>;

/** What the ticket shows of files, and what was said of each. */
export function describeFiles(
  kept: readonly NewAttachment[],
  files: readonly DescribedFile[],
): AttachmentInfo[] {
  return kept.map((file, index) => {
    const { attachmentType, description } = files[index] ?? {};
    return {
      ...describeFile(file),
      ...(attachmentType !== undefined && { attachmentType }),
      ...(description !== undefined && { description }),
    };
  });
}
