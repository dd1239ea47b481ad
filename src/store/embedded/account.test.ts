import { cp, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Account, chooseAccount, giveTo, runsAsRoot } from './account.ts';
import { findPackage, useBinaries } from './binaries.ts';
import { ask, postmasterOf, useLab } from './fixture/lab.ts';
import { openFolder } from './folder.ts';

const lab = useLab();

/** An account that every Linux has, and that owns nothing. */
const nobody: Account = { name: 'nobody', uid: 65_534, gid: 65_534 };

describe.runIf(runsAsRoot())('as root', () => {
  it('runs PostgreSQL under an unprivileged account, and keeps the data folder to itself', async () => {
    const dataDir = await lab.newFolder();
    await lab.start({ dataDir });
    const account = await chooseAccount(await openFolder(dataDir));
    expect(account?.uid).not.toBe(0);
    expect((await stat(`/proc/${await postmasterOf(dataDir)}`)).uid).toBe(account?.uid);
    expect((await stat(join(dataDir, 'postgres'))).uid).toBe(account?.uid);
    expect((await stat(dataDir)).uid).toBe(0);
  });

  it('works in a folder that the account may not walk to', async () => {
    const dataDir = await lab.newFolder(0o700);
    const first = await lab.start({ dataDir });
    await ask(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await lab.start({ dataDir });
    expect(await ask(second.url, 'select * from kept')).toEqual([{ answer: 42 }]);
  });

  it('runs PostgreSQL as the owner of the folder, if root is not', async () => {
    const dataDir = await lab.newFolder();
    await mkdir(dataDir);
    await giveTo(nobody, dataDir);
    expect(await chooseAccount(await openFolder(dataDir))).toEqual(nobody);
    const byRoot = await lab.start({ dataDir });
    await byRoot.stop();
    const byOwner = await lab.hold({ dataDir }, nobody);
    expect(byOwner.answer).toEqual({ url: byRoot.url, adopted: false });
  });

  it('takes back a database that was restored as root', async () => {
    const dataDir = await lab.newFolder();
    const first = await lab.start({ dataDir });
    await first.stop();
    await giveTo({ name: 'root', uid: 0, gid: 0 }, join(dataDir, 'postgres'));
    expect((await stat(join(dataDir, 'postgres', 'PG_VERSION'))).uid).toBe(0);
    const second = await lab.start({ dataDir });
    expect(await ask(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe.runIf(runsAsRoot())('programs that the account cannot reach', () => {
  async function hiddenPackage() {
    const source = await findPackage();
    const native = join(dirname(await lab.newFolder(0o700)), 'native');
    await cp(source.native, native, { recursive: true, verbatimSymlinks: true });
    return { ...source, native };
  }

  it('are copied to a cache once, also when two starts do so at the same moment', async () => {
    const source = await hiddenPackage();
    const cache = join(dirname(await lab.newFolder()), 'cache');
    const [one, two] = await Promise.all([
      useBinaries(source, nobody, [cache]),
      useBinaries(source, nobody, [cache]),
    ]);
    const copy = join(cache, `linux-${process.arch}-${source.version}`);
    expect(one).toEqual({
      postgres: join(copy, 'bin/postgres'),
      initdb: join(copy, 'bin/initdb'),
      major: '18',
    });
    expect(two).toEqual(one);
    expect(await readdir(cache)).toEqual([`linux-${process.arch}-${source.version}`]);
  });

  it('are not taken from a cache that somebody else may write', async () => {
    const source = await hiddenPackage();
    const cache = join(dirname(await lab.newFolder()), 'cache');
    await useBinaries(source, nobody, [cache]);
    await giveTo(nobody, cache);
    await expect(useBinaries(source, nobody, [cache])).rejects.toMatchObject({ code: 'binariesFail' });
    const next = join(dirname(await lab.newFolder()), 'cache');
    expect((await useBinaries(source, nobody, [cache, next])).postgres).toContain(next);
  });
});

describe('programs whose library links are missing', () => {
  it('get them, because npm may have been told to run no scripts', async () => {
    const source = await findPackage();
    const native = join(dirname(await lab.newFolder()), 'native');
    await cp(source.native, native, { recursive: true, verbatimSymlinks: true });
    for (const name of await readdir(join(native, 'lib'))) {
      if (/^libicu.*\.so\.60$/.test(name)) await rm(join(native, 'lib', name));
    }
    expect(await useBinaries({ ...source, native }, null)).toMatchObject({ major: '18' });
  });
});

describe.runIf(runsAsRoot())('as an ordinary user', () => {
  it('runs PostgreSQL as that user', async () => {
    const dataDir = await lab.newFolder(0o777);
    const server = await lab.hold({ dataDir }, nobody);
    expect(server.answer).toMatchObject({ adopted: false });
    expect((await stat(`/proc/${await postmasterOf(dataDir)}`)).uid).toBe(nobody.uid);
    expect((await stat(join(dataDir, 'postgres-password'))).uid).toBe(nobody.uid);
    expect(await ask(server.answer.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.kill();
    const next = await lab.hold({ dataDir }, nobody);
    expect(next.answer).toEqual({ url: server.answer.url, adopted: true });
    expect(await next.leave()).toBe(0);
    expect(await postmasterOf(dataDir)).toBeNull();
  });
});
