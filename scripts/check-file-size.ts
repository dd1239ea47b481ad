import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generatedFiles } from './generated-files.ts';
import { report } from './report.ts';

const longestFile = 500;
const repository = join(import.meta.dirname, '..');

/** Written by a tool or by others; nobody reads them from top to bottom. */
const exempt = new Set(['package-lock.json', 'LICENSE', ...generatedFiles.map(({ file }) => file)]);

const { stdout } = await promisify(execFile)(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  { cwd: repository, maxBuffer: 64 * 1024 * 1024 },
);
const files = stdout.split('\0').filter((file) => file !== '' && !exempt.has(file) && !isResult(file));

const faults: string[] = [];
for (const file of files) {
  const lines = await countLines(file);
  if (lines > longestFile)
    faults.push(`${file}: ${lines} lines; ${longestFile} is the most, so split it by idea`);
}

report(`file size, over ${files.length} files`, faults);

/** Kept figures of benchmarks are data. */
function isResult(file: string): boolean {
  return file.startsWith('bench/results/');
}

/** A file that is deleted but still in git's index counts as empty. */
async function countLines(file: string): Promise<number> {
  const text = await readFile(join(repository, file), 'utf8').catch(() => '');
  return text.replace(/\n$/, '').split('\n').length;
}
