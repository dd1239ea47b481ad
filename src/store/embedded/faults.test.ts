import { once } from 'node:events';
import { appendFile, mkdir, rm, statfs, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runsAsRoot } from './account.ts';
import { findPackage } from './binaries.ts';
import { EmbeddedError } from './error.ts';
import { useLab } from './fixture/lab.ts';

const lab = useLab();
const nobody = { uid: 65_534, gid: 65_534 };

/** The code of the refusal; anything else than one clear sentence fails. */
async function refusal(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => new Error('it started'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof EmbeddedError)) throw error;
  expect(error.message).toMatch(/^[^\n]{20,400}\.$/);
  return error.code;
}

describe('a data folder that cannot be used is refused with a sentence:', () => {
  it('a file', async () => {
    const dataDir = await lab.newFolder();
    await writeFile(dataDir, '');
    expect(await refusal(lab.start({ dataDir }))).toBe('notAFolder');
    expect(await refusal(lab.start({ dataDir: join(dataDir, 'below') }))).toBe('notAFolder');
  });

  it('one that cannot be made, and one that leads nowhere', async () => {
    expect(await refusal(lab.start({ dataDir: '/proc/tessera/data' }))).toBe('notWritable');
    const dataDir = await lab.newFolder();
    await symlink(`${dataDir}-gone`, dataDir);
    expect(await refusal(lab.start({ dataDir }))).toBe('notWritable');
  });

  it.runIf(runsAsRoot())('one that this user may not write', async () => {
    const dataDir = await lab.newFolder(0o755);
    const below = await lab.hold({ dataDir }, nobody);
    expect(below.answer).toMatchObject({ code: 'notWritable', message: expect.stringContaining(dataDir) });
    await mkdir(dataDir);
    const existing = await lab.hold({ dataDir }, nobody);
    expect(existing.answer).toMatchObject({ code: 'notWritable', message: expect.stringContaining(dataDir) });
  });

  it('one whose database another PostgreSQL made', async () => {
    const dataDir = await lab.newFolder();
    const made = await lab.start({ dataDir });
    await made.stop();
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '15\n');
    expect(await refusal(lab.start({ dataDir }))).toBe('dataVersion');
  });

  it('one whose folder for the database holds something else', async () => {
    const dataDir = await lab.newFolder();
    await mkdir(join(dataDir, 'postgres'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', 'holiday.jpg'), '');
    expect(await refusal(lab.start({ dataDir }))).toBe('notADatabase');
  });

  it('one with a damaged configuration', async () => {
    const dataDir = await lab.newFolder();
    const made = await lab.start({ dataDir });
    await made.stop();
    await appendFile(join(dataDir, 'postgres', 'postgresql.conf'), 'shared_buffers = many\n');
    expect(await refusal(lab.start({ dataDir }))).toBe('startFailed');
  });

  it('one with a locale that the system does not know', async () => {
    const dataDir = await lab.newFolder();
    const made = await lab.start({ dataDir });
    await made.stop();
    await appendFile(join(dataDir, 'postgres', 'postgresql.conf'), `lc_monetary = 'xx_XX'\n`);
    expect(await refusal(lab.start({ dataDir }))).toBe('locale');
  });

  it('one with a wrong password', async () => {
    const dataDir = await lab.newFolder();
    const made = await lab.start({ dataDir });
    await made.stop();
    await writeFile(join(dataDir, 'postgres-password'), 'wrong\n');
    expect(await refusal(lab.start({ dataDir }))).toBe('passwordWrong');
    await rm(join(dataDir, 'postgres-password'));
    expect((await lab.start({ dataDir })).adopted).toBe(false);
  });
});

describe('a system that cannot run PostgreSQL is refused with a sentence:', () => {
  it('one for which there is no package', async () => {
    expect(await refusal(findPackage('sunos', 'sparc'))).toBe('unsupportedPlatform');
  });

  it('a port that is asked for and taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const dataDir = await lab.newFolder();
    const attempt = lab.start({ dataDir, settings: { port } });
    expect(await refusal(attempt.finally(() => squatter.close()))).toBe('portTaken');
  });
});

describe('a full disk is told with a sentence', () => {
  it('while the database is made', async ({ skip }) => {
    const dataDir = await lab.newDisk(20);
    if (dataDir === null) return skip('mounting a small disk is not permitted here');
    expect(await refusal(lab.start({ dataDir }))).toBe('diskFull');
  });

  it('when nothing at all can be written', async ({ skip }) => {
    const dataDir = await lab.newDisk(1);
    if (dataDir === null) return skip('mounting a small disk is not permitted here');
    await fill(dataDir);
    expect(await refusal(lab.start({ dataDir }))).toBe('diskFull');
  });

  it('at a later start, and the data is there when space is free again', async ({ skip }) => {
    const dataDir = await lab.newDisk(80);
    if (dataDir === null) return skip('mounting a small disk is not permitted here');
    const made = await lab.start({ dataDir });
    await made.stop();
    await fill(dataDir);
    expect(await refusal(lab.start({ dataDir }))).toBe('diskFull');
    await rm(join(dataDir, 'filler'));
    expect(await lab.start({ dataDir })).toMatchObject({ url: made.url });
  });

  async function fill(folder: string): Promise<void> {
    const { bavail, bsize } = await statfs(folder);
    await writeFile(join(folder, 'filler'), Buffer.alloc(bavail * bsize));
  }
});
