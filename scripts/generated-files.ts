import { cliPage } from './cli-page.ts';
import { errorsPage } from './errors-page.ts';

export interface GeneratedFile {
  /** Path from the repository's root. */
  readonly file: string;
  /** The whole text, which depends on nothing but the sources. */
  readonly generate: () => string | Promise<string>;
}

/** Every committed file that a program writes. `npm run generate` writes them, `npm run check` compares them. */
export const generatedFiles: readonly GeneratedFile[] = [
  { file: 'docs/cli.md', generate: cliPage },
  { file: 'docs/errors.md', generate: errorsPage },
];
