import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cruiseTree } from './cruise.ts';

let tree: string;

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'tessera-imports-'));
});

afterAll(async () => {
  await rm(tree, { recursive: true });
});

/** A small tree that keeps every rule, with the given files over it. */
async function lay(name: string, files: Record<string, string>): Promise<string> {
  const root = join(tree, name);
  const sound = {
    'package.json': '{ "type": "module", "dependencies": { "postgres": "1.0.0", "pg": "1.0.0" } }',
    'node_modules/postgres/package.json': '{ "name": "postgres", "version": "1.0.0", "main": "index.js" }',
    'node_modules/postgres/index.js': 'module.exports = {};',
    'node_modules/pg/package.json': '{ "name": "pg", "version": "1.0.0", "main": "index.js" }',
    'node_modules/pg/index.js': 'module.exports = {};',
    'src/kernel/clock.ts': 'export const clock = 1;',
    'src/core/decide.ts': "import { clock } from '../kernel/clock.ts';\nexport const decide = clock;",
    'src/store/commit.ts': [
      "import postgres from 'postgres';",
      "import { decide } from '../core/decide.ts';",
      'export const commit = [postgres, decide];',
    ].join('\n'),
    'src/identity/key.ts': "import { commit } from '../store/commit.ts';\nexport const key = commit;",
    'src/http/server.ts': "import { clock } from '../kernel/clock.ts';\nexport const server = clock;",
    'src/kinds/trouble/index.ts':
      "import { commit } from '../../store/commit.ts';\nexport const trouble = commit;",
    'src/kinds/desk/index.ts': "import { server } from '../../http/server.ts';\nexport const desk = server;",
    'src/cli/token.ts': "import { key } from '../identity/key.ts';\nexport const token = key;",
    'src/app/compose.ts': [
      "import { token } from '../cli/token.ts';",
      "import { desk } from '../kinds/desk/index.ts';",
      "import { trouble } from '../kinds/trouble/index.ts';",
      'export const house = [desk, trouble, token];',
    ].join('\n'),
  };
  for (const [path, text] of Object.entries({ ...sound, ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

interface ForbiddenImport {
  readonly title: string;
  readonly file: string;
  readonly text: string;
  /** Further files of the tree. */
  readonly more?: Readonly<Record<string, string>>;
  readonly violations: readonly string[];
}

describe('the import rules', () => {
  it('let a sound tree pass and look at every file of it', async () => {
    const { seen, unseen, violations } = await cruiseTree(await lay('sound', {}));
    expect({ unseen, violations }).toEqual({ unseen: [], violations: [] });
    expect(seen.filter((file) => file.startsWith('src/'))).toHaveLength(9);
  });

  it.each<ForbiddenImport>([
    {
      title: 'a hall file that imports a wing',
      file: 'src/readers/stream.ts',
      text: "import { trouble } from '../kinds/trouble/index.ts';\nexport const stream = trouble;",
      violations: [
        'only-compose-names-a-wing: src/readers/stream.ts → src/kinds/trouble/index.ts',
        'readers-imports-only-what-is-below-it: src/readers/stream.ts → src/kinds/trouble/index.ts',
      ],
    },
    {
      title: 'a test of the hall that imports a wing',
      file: 'src/core/decide.test.ts',
      text: "import { trouble } from '../kinds/trouble/index.ts';\ntrouble;",
      violations: ['only-compose-names-a-wing: src/core/decide.test.ts → src/kinds/trouble/index.ts'],
    },
    {
      title: 'a type of a wing that the hall imports',
      file: 'src/native/kinds.ts',
      text: "import type { trouble } from '../kinds/trouble/index.ts';\nexport type Trouble = typeof trouble;",
      violations: [
        'native-imports-only-the-hall: src/native/kinds.ts → src/kinds/trouble/index.ts',
        'only-compose-names-a-wing: src/native/kinds.ts → src/kinds/trouble/index.ts',
      ],
    },
    {
      title: 'a wing that imports a wing',
      file: 'src/kinds/trouble/relate.ts',
      text: "import { desk } from '../desk/index.ts';\nexport const relate = desk;",
      violations: ['a-wing-never-imports-a-wing: src/kinds/trouble/relate.ts → src/kinds/desk/index.ts'],
    },
    {
      title: 'http that imports store',
      file: 'src/http/list.ts',
      text: "import { commit } from '../store/commit.ts';\nexport const list = commit;",
      violations: ['http-imports-only-what-is-below-it: src/http/list.ts → src/store/commit.ts'],
    },
    {
      title: 'core that imports store',
      file: 'src/core/save.ts',
      text: "import { commit } from '../store/commit.ts';\nexport const save = commit;",
      violations: ['core-imports-only-what-is-below-it: src/core/save.ts → src/store/commit.ts'],
    },
    {
      title: 'a command line that imports the app',
      file: 'src/cli/serve.ts',
      text: "import { house } from '../app/compose.ts';\nexport const serve = house;",
      violations: ['cli-imports-only-the-hall: src/cli/serve.ts → src/app/compose.ts'],
    },
    {
      title: 'a wing that imports postgres',
      file: 'src/kinds/trouble/store.ts',
      text: "import postgres from 'postgres';\nexport const sql = postgres;",
      violations: [
        'only-store-talks-to-the-driver: src/kinds/trouble/store.ts → node_modules/postgres/index.js',
      ],
    },
    {
      title: 'an identity that imports pg while it runs',
      file: 'src/identity/pool.ts',
      text: "export const pool = await import('pg');",
      violations: ['only-store-talks-to-the-driver: src/identity/pool.ts → node_modules/pg/index.js'],
    },
    {
      title: 'a product file that imports a test',
      file: 'src/core/fixture.ts',
      text: "import { ticket } from './ticket.test.ts';\nexport const fixture = ticket;",
      violations: [
        'no-import-that-leads-nowhere: src/core/fixture.ts → ./ticket.test.ts',
        'the-product-never-imports-its-tests-or-tools: src/core/fixture.ts → ./ticket.test.ts',
      ],
    },
    {
      title: 'a product file that imports the fixture of a test',
      file: 'src/core/made.ts',
      text: "import { made } from './fixture/made.ts';\nexport const again = made;",
      more: { 'src/core/fixture/made.ts': 'export const made = 1;' },
      violations: [
        'the-product-never-imports-its-tests-or-tools: src/core/made.ts → src/core/fixture/made.ts',
      ],
    },
    {
      title: 'a circle',
      file: 'src/kernel/clock.ts',
      text: "import { id } from './id.ts';\nexport const clock = id;",
      more: {
        'src/kernel/id.ts': "import { clock } from './clock.ts';\nexport const id: unknown = () => clock;",
      },
      violations: ['no-circle: src/kernel/clock.ts → src/kernel/id.ts → src/kernel/clock.ts'],
    },
  ])('refuse $title', async ({ title, file, text, more, violations }) => {
    const { violations: found } = await cruiseTree(await lay(title, { [file]: text, ...more }));
    expect([...found].sort()).toEqual(violations);
  });

  it('report a source file that was not looked at', async () => {
    const { unseen } = await cruiseTree(await lay('unseen', { 'src/node_modules/hidden.ts': 'export {};' }));
    expect(unseen).toEqual(['src/node_modules/hidden.ts']);
  });
});
