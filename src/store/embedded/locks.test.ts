import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ask, postmasterOf, useLab } from './fixture/lab.ts';

const lab = useLab();

describe('two processes on one data folder', () => {
  it('a second server is refused, and told which process serves', async () => {
    const dataDir = await lab.newFolder();
    const first = await lab.hold({ dataDir });
    const second = await lab.hold({ dataDir });
    expect(second.answer).toEqual({
      code: 'alreadyRunning',
      message:
        `A Tessera server already runs on the data folder ${dataDir} (process ${first.pid}): ` +
        'stop it first, or choose another folder with TESSERA_DATA.',
    });
    expect(await second.leave()).toBe(0);
    expect(await ask(first.answer.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await first.leave()).toBe(0);
    expect(await postmasterOf(dataDir)).toBeNull();
  });

  it('tools work beside a server, and none of them stops its PostgreSQL', async () => {
    const dataDir = await lab.newFolder();
    const server = await lab.start({ dataDir });
    const tools = await Promise.all([
      lab.hold({ dataDir, role: 'tool' }),
      lab.hold({ dataDir, role: 'tool' }),
    ]);
    expect(tools.map((tool) => tool.answer)).toEqual([
      { url: server.url, adopted: true },
      { url: server.url, adopted: true },
    ]);
    expect(await Promise.all(tools.map((tool) => tool.leave()))).toEqual([0, 0]);
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('the server goes on when the tool that started PostgreSQL has left, and stops it as the last one', async () => {
    const dataDir = await lab.newFolder();
    const tool = await lab.hold({ dataDir, role: 'tool' });
    const server = await lab.hold({ dataDir });
    expect(server.answer).toEqual({ url: tool.answer.url, adopted: true });
    expect(await tool.leave()).toBe(0);
    expect(await ask(server.answer.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await server.leave()).toBe(0);
    expect(await postmasterOf(dataDir)).toBeNull();
  });

  it('a server may start at once where another was killed', async () => {
    const dataDir = await lab.newFolder();
    for (let round = 0; round < 5; round++) {
      const server = await lab.hold({ dataDir });
      expect(server.answer.code).toBeUndefined();
      await server.kill();
    }
  });

  it('two servers that start at the same moment on a new folder make one database, and one serves', async () => {
    const dataDir = await lab.newFolder();
    const both = await Promise.all([lab.hold({ dataDir }), lab.hold({ dataDir })]);
    const [serving] = both.filter((holder) => holder.answer.url);
    expect(both.map((holder) => holder.answer.code).toSorted()).toEqual(['alreadyRunning', undefined]);
    expect(await ask(serving?.answer.url ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
    expect((await readdir(dataDir)).toSorted()).toEqual([
      'postgres',
      'postgres-password',
      'postgres-port',
      'postgres.log',
    ]);
  });

  it('starts that meet stops all get a PostgreSQL, and the last one out stops it', {
    timeout: 120_000,
  }, async () => {
    const dataDir = await lab.newFolder();
    async function comeAndGo(): Promise<void> {
      for (let round = 0; round < 10; round++) {
        const embedded = await lab.start({ dataDir, role: 'tool' });
        expect(await ask(embedded.url, 'select 1 as one')).toEqual([{ one: 1 }]);
        await embedded.stop();
      }
    }
    await Promise.all([comeAndGo(), comeAndGo(), comeAndGo()]);
    expect(await postmasterOf(dataDir)).toBeNull();
  });
});
