import { freePort } from '../free-port.ts';
import { auditAll } from './audit.ts';
import { prepareAccount } from './cast.ts';
import type { Drill, Stage } from './drill.ts';
import { figuresOf } from './journal.ts';
import { startLoad } from './load.ts';
import { embeddedPlace, type Place } from './place.ts';
import { beginServer, startServer } from './server-process.ts';

/** Starts a server that has to refuse, with one clear sentence, and gives what is wrong with its refusal. */
async function refusal(stage: Stage, place: Place, port: number, sentence: RegExp): Promise<string[]> {
  const { exited, exitCode, output } = beginServer(stage, place, port);
  await exited;
  const faults: string[] = [];
  if (exitCode() !== 1) faults.push(`It ended with ${exitCode()}, not with 1:\n${output()}`);
  if (!sentence.test(output())) faults.push(`It did not say ${sentence}:\n${output()}`);
  if (/^ {4}at /m.test(output())) faults.push(`It shows a stack:\n${output()}`);
  return faults;
}

export const secondServer: Drill = {
  name: 'second-server',
  title:
    'a second server on the same data folder, or on the same port, says so and ends with 1; the first works on',
  rounds: 3,
  async run(stage) {
    const place = await embeddedPlace(stage);
    const server = await startServer(stage, place, { port: await freePort() });
    const tokens = await prepareAccount(place);
    const load = await startLoad({ stage, tokens, target: () => server.url, clients: 4 });
    const faults: string[] = [];
    for (let round = 1; round <= stage.rounds; round += 1) {
      faults.push(...(await refusal(stage, place, await freePort(), /already runs on the data folder/)));
    }
    const elsewhere = await embeddedPlace(stage);
    faults.push(...(await refusal(stage, elsewhere, server.port, new RegExp(`${server.port}`))));
    if ((await elsewhere.postmaster()) !== null)
      faults.push('The refused server left its PostgreSQL running');
    await load.nextDone(5_000);
    await load.stop();
    const audit = await auditAll(place, server.url, tokens, load.journal);
    await server.stop();
    return {
      faults: [...faults, ...audit.faults],
      figures: { ...figuresOf(load.journal), ...audit.figures },
    };
  },
};
