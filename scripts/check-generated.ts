import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatedFiles } from './generated-files.ts';
import { report } from './report.ts';

const repository = join(import.meta.dirname, '..');

const faults: string[] = [];
for (const { file, generate } of generatedFiles) {
  const committed = await readFile(join(repository, file), 'utf8').catch(() => undefined);
  if (committed === undefined) faults.push(`${file}: is missing; run npm run generate`);
  else if (committed !== (await generate())) faults.push(`${file}: is out of date; run npm run generate`);
}

report(`generated files, ${generatedFiles.length} of them`, faults);
