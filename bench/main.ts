import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEndings, type Endings } from '../test/endings.ts';
import { findCircumstances } from './circumstances.ts';
import { startCluster } from './cluster.ts';
import { startGenerator } from './generator.ts';
import { HELP, type Options, readOptions, type ScenarioName } from './options.ts';
import type { Outcome } from './outcome.ts';
import { type HotSpot, hotSpotsOf } from './profile.ts';
import type { Profiler } from './profiler.ts';
import { type Report, targetTable, toMarkdown } from './report.ts';
import { measureBatch } from './scenarios/batch.ts';
import { measureCreate } from './scenarios/create.ts';
import { measureDesk } from './scenarios/desk.ts';
import { measureExceptions } from './scenarios/exceptions.ts';
import { measureList } from './scenarios/list.ts';
import { measureMemory } from './scenarios/memory.ts';
import { measureRead } from './scenarios/read.ts';
import { measureReasons } from './scenarios/reasons.ts';
import { measureService } from './scenarios/service.ts';
import { measureToken } from './scenarios/token.ts';
import { measureUpdate } from './scenarios/update.ts';
import { createStage, type Stage } from './stage.ts';

const RESULTS = join(import.meta.dirname, 'results');

const SCENARIOS: Readonly<Record<ScenarioName, (stage: Stage) => Promise<Outcome>>> = {
  create: measureCreate,
  read: measureRead,
  update: measureUpdate,
  token: measureToken,
  memory: measureMemory,
  batch: measureBatch,
  list: measureList,
  desk: measureDesk,
  reasons: measureReasons,
  service: measureService,
  exceptions: measureExceptions,
};

const print = (text: string) => process.stdout.write(`${text}\n`);
const say = (text: string) => process.stderr.write(`${text}\n`);

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (!options) return void print(HELP);
  const endings = createEndings();
  const interrupted = () => void endings.all().finally(() => process.kill(process.pid, 'SIGKILL'));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  let report: Report;
  try {
    report = await measure(endings, options, args);
  } finally {
    await endings.all();
  }
  await keep(report, options);
  print(`\n${targetTable(report.outcomes)}`);
}

async function measure(endings: Endings, options: Options, args: readonly string[]): Promise<Report> {
  const cluster = await startCluster(endings, options.data);
  const circumstances = await findCircumstances(cluster, args);
  const generator = startGenerator();
  endings.add(() => generator.stop());
  const stage = createStage({ endings, cluster, generator, options, say });
  const outcomes: Outcome[] = [];
  for (const name of options.only) {
    say(`${name} …`);
    const own = createEndings();
    endings.add(own.all);
    outcomes.push(await SCENARIOS[name]({ ...stage, endings: own }));
    await own.all();
  }
  const { profiler } = options.profile ? await stage.product() : { profiler: null };
  if (profiler) await keepProfile(profiler);
  return { circumstances, outcomes };
}

/** Keeps the figures with every round. Only a complete run replaces those that are quoted. */
async function keep(report: Report, { partial }: Options): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  const { date, commit } = report.circumstances;
  const markdown = toMarkdown(report);
  const json = `${JSON.stringify(report, null, 1)}\n`;
  const name = partial ? 'partial' : `${date}-${commit.replaceAll(' ', '-')}`;
  await writeFile(join(RESULTS, `${name}.json`), json);
  await writeFile(join(RESULTS, partial ? 'partial.md' : 'latest.md'), markdown);
  print(markdown);
}

/** Keeps the profile for the browser's developer tools, and prints what is hot. */
async function keepProfile(profiler: Profiler): Promise<void> {
  const profile = await profiler.stop();
  const file = join(RESULTS, 'partial.cpuprofile');
  await mkdir(RESULTS, { recursive: true });
  await writeFile(file, JSON.stringify(profile));
  const { functions, owners } = hotSpotsOf(profile);
  const lines = ({ place, share }: HotSpot) => `${(share * 100).toFixed(1).padStart(6)} %  ${place}`;
  print(`\nThe product's processor time (all of it in ${file}), by owner:`);
  print(owners.slice(0, 25).map(lines).join('\n'));
  print('\nand by function:');
  print(functions.slice(0, 50).map(lines).join('\n'));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  say(error instanceof Error ? describe(error) : String(error));
  process.exitCode = 1;
}

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? `\n${describe(error.cause)}` : '';
  return `${error.message}${cause}`;
}
