import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generatedFiles } from './generated-files.ts';

const repository = join(import.meta.dirname, '..');

for (const { file, generate } of generatedFiles) {
  await mkdir(dirname(join(repository, file)), { recursive: true });
  await writeFile(join(repository, file), await generate());
  process.stdout.write(`${file}\n`);
}
