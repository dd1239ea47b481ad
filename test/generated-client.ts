import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const repository = join(import.meta.dirname, '..');

/** Programs that know nothing of the product but types made from an OpenAPI document, in a folder of their own. */
export interface GeneratedClient {
  /** What the compiler has against a program: a text for each fault, beginning with the number of its line (from 0). */
  complaints(file: string): string[];
  /** Runs a program and gives what it exports. */
  // biome-ignore lint/suspicious/noExplicitAny: the program is a text, its exports are what the test knows them to be
  load(file: string): Promise<any>;
  remove(): Promise<void>;
}

/**
 * Makes `schema.d.ts` of a contract's document with openapi-typescript, and puts programs beside it, which may use
 * openapi-fetch.
 * @param programs their texts by file name
 */
export async function generateClient(
  document: object,
  programs: Readonly<Record<string, string>>,
): Promise<GeneratedClient> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-client-'));
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'), 'dir');
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(
    join(folder, 'schema.d.ts'),
    astToString(await openapiTS(structuredClone(document) as never)),
  );
  for (const [file, text] of Object.entries(programs)) await writeFile(join(folder, file), text);
  return {
    complaints: (file) => complaintsOf(join(folder, file)),
    load: (file) => import(pathToFileURL(join(folder, file)).href),
    remove: () => rm(folder, { recursive: true }),
  };
}

function complaintsOf(path: string): string[] {
  const program = ts.createProgram([path], {
    strict: true,
    noEmit: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: [],
    lib: ['lib.es2024.d.ts', 'lib.dom.d.ts'],
  });
  return ts.getPreEmitDiagnostics(program).map(({ file: source, start = 0, messageText }) => {
    const line = source ? source.getLineAndCharacterOfPosition(start).line : 0;
    return `${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ').slice(0, 200)}`;
  });
}
