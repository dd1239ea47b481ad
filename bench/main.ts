import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findCircumstances } from './circumstances.ts';
import { startCluster } from './cluster.ts';
import { createEndings, type Endings } from './endings.ts';
import { startGenerator } from './generator.ts';
import { HELP, type Options, readOptions, type ScenarioName } from './options.ts';
import type { Outcome } from './outcome.ts';
import { readHotSpots } from './profile.ts';
import { type Report, targetTable, toMarkdown } from './report.ts';
import { measureBatch } from './scenarios/batch.ts';
import { measureCreate } from './scenarios/create.ts';
import { measureList } from './scenarios/list.ts';
import { measureMemory } from './scenarios/memory.ts';
import { measureRead } from './scenarios/read.ts';
import { measureToken } from './scenarios/token.ts';
import { measureUpdate } from './scenarios/update.ts';
import { createStage, PROFILE_FOLDER, type Stage } from './stage.ts';

const RESULTS = join(import.meta.dirname, 'results');

const SCENARIOS: Readonly<Record<ScenarioName, (stage: Stage) => Promise<Outcome>>> = {
  create: measureCreate,
  read: measureRead,
  update: measureUpdate,
  token: measureToken,
  memory: measureMemory,
  batch: measureBatch,
  list: measureList,
};

const print = (text: string) => process.stdout.write(`${text}\n`);
const say = (text: string) => process.stderr.write(`${text}\n`);

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (!options) return void print(HELP);
  const endings = createEndings();
  const interrupted = () => void endings.all().finally(() => process.kill(process.pid, 'SIGKILL'));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  if (options.profile) await rm(PROFILE_FOLDER, { recursive: true, force: true });
  let report: Report;
  try {
    report = await measure(endings, options, args);
  } finally {
    await endings.all();
  }
  await keep(report, options);
  print(`\n${targetTable(report.outcomes)}`);
  if (options.profile) await printHotSpots();
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
    outcomes.push(await SCENARIOS[name](stage));
  }
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

async function printHotSpots(): Promise<void> {
  const profile = await readHotSpots(PROFILE_FOLDER, 40);
  if (!profile) return void say('The product left no profile.');
  print(`\nHot spots of the product by time of their own (${profile.file}):`);
  for (const { place, selfMs, share } of profile.hotSpots) {
    print(`${(share * 100).toFixed(1).padStart(5)} % ${selfMs.toFixed(0).padStart(7)} ms  ${place}`);
  }
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
