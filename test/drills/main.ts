import { createEndings } from '../endings.ts';
import { killEmbedded, restartEmbedded, restartOutside } from './database-faults.ts';
import { type Drill, hold } from './drill.ts';
import { fullDisk } from './full-disk.ts';
import { gracefulStop, stopWithoutDatabase } from './graceful-stop.ts';
import { killBeforeDesk, killBeforeZendesk } from './help-desk.ts';
import { killServer } from './kill-server.ts';
import { readOptions } from './options.ts';
import { secondServer } from './second-server.ts';
import { twoNodes } from './two-nodes.ts';

const DRILLS: readonly Drill[] = [
  ...[killServer, killEmbedded, restartEmbedded, restartOutside, twoNodes],
  ...[killBeforeDesk, killBeforeZendesk],
  ...[gracefulStop, stopWithoutDatabase, secondServer, fullDisk],
];

/** So many faults of a drill are printed; the rest are counted. */
const SHOWN = 20;

const say = (text: string) => process.stdout.write(`${text}\n`);
const endings = createEndings();
try {
  const options = readOptions(process.argv.slice(2), DRILLS);
  if (typeof options === 'string') say(options);
  else process.exitCode = (await holdAll(options.drills, options.rounds)) ? 0 : 1;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}

async function holdAll(drills: readonly Drill[], rounds: number | undefined): Promise<boolean> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      say('\nInterrupted: ending what was started.');
      endings.all().finally(() => process.exit(1));
    });
  }
  let passed = true;
  for (const drill of drills) {
    say(`\n${drill.name}: ${drill.title}`);
    const began = performance.now();
    const findings = await hold(
      drill,
      { ...(rounds && { rounds }), say: (text) => say(`  ${text}`) },
      endings,
    ).catch((error: unknown) => ({
      faults: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
      figures: {},
    }));
    for (const [name, value] of Object.entries(findings.figures)) say(`  ${name}: ${value}`);
    for (const fault of findings.faults.slice(0, SHOWN)) say(`  FAULT ${fault}`);
    if (findings.faults.length > SHOWN) say(`  and ${findings.faults.length - SHOWN} more`);
    const skipped = 'skipped' in findings ? findings.skipped : undefined;
    const verdict = findings.faults.length > 0 ? 'FAILED' : skipped ? `skipped: ${skipped}` : 'passed';
    say(`  ${verdict} (${Math.round((performance.now() - began) / 1000)} s)`);
    passed &&= findings.faults.length === 0;
  }
  return passed;
}
