import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../test/until.ts';
import { ended, PATIENCE_MS, type Ran, run, start } from './fixture/tessera.ts';

let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-cli-'));
  env = { TESSERA_DATA: join(folder, 'data'), PORT: '0' };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A server, from its banner to its end. */
async function serve(args: readonly string[] = []) {
  const child = start(['serve', ...args], env);
  let banner = '';
  child.stderr?.on('data', (text: string) => {
    banner += text;
  });
  const result: Promise<Ran> = ended(child);
  const url = await until(() => / (http:\S+)\n/.exec(banner)?.[1], { withinMs: PATIENCE_MS });
  return { child, url, result, banner: () => banner };
}

/** A server's start that fails, with what it says. */
async function failedStart(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(['serve', ...args], { ...env, LOG_LEVEL: 'silent' });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  return stderr;
}

describe('with its own database', () => {
  // These come first: no password may be made that nobody is told.
  it('says in a sentence that it cannot have its port or host', async () => {
    const other = createServer().listen({ host: '127.0.0.1', port: 0 });
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await failedStart('--port', String(port))).toBe(
      `The port ${port} of 127.0.0.1 is used by another program. Stop that one, or choose another with --port or PORT.\n`,
    );
    other.close();
    expect(await failedStart('--host', '192.0.2.1')).toBe(
      '192.0.2.1 is not an address of this machine: choose another with --host or HOST.\n',
    );
  });

  it('the first command makes everything and tells the password once', async () => {
    const [first, ...later] = [
      await run(['token', '--permissions', 'admin'], env),
      await run(['token'], env),
      await run(['migrate'], env),
    ];
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\S+\n$/) });
    expect(first?.stderr).toMatch(/^The account default was made\. Sign in as \S+ with the password \S+/);
    expect(later.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, 'Nothing to do: the database is up to date.\n'],
    ]);
  });

  it('the doctor finds nothing wrong', async () => {
    const { code, stdout, stderr } = await run(['doctor'], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'All is well.\n' });
    const checks = stdout.trimEnd().split('\n');
    expect(checks.every((line) => line.startsWith('ok    '))).toBe(true);
    for (const check of ['data folder', 'disk', 'PostgreSQL', 'durability', 'signing keys']) {
      expect(stdout).toContain(`ok    ${check}`);
    }
  });

  it('serves until it is told to stop, with the commands beside it', async () => {
    const { child, url, result, banner } = await serve();
    expect(banner()).toContain('token --permissions admin');
    const token = await run(['token', '--permissions', 'admin'], env);
    const authorization = `Bearer ${token.stdout.trim()}`;
    const answer = await fetch(`${url}/api/v1/tickets`, { headers: { authorization } });
    expect(answer.status).toBe(200);
    const port = new URL(url).port;
    const doctor = await run(['doctor'], { ...env, PORT: port });
    expect(doctor.stdout).toContain(`the server at http://127.0.0.1:${port} is ready`);
    child.kill('SIGTERM');
    const { code, stdout } = await result;
    expect(code).toBe(0);
    const log = stdout
      .trimEnd()
      .split('\n')
      .map((line): { msg: string } => JSON.parse(line));
    expect(log.at(-1)?.msg).toBe('stopped');
    await expect(fetch(url)).rejects.toThrow();
  });

  it('works in the background alone, and takes an option for the port before the environment', async () => {
    const { child, url, result, banner } = await serve(['--role', 'worker', '--port', '0']);
    expect(banner()).toContain('works in the background');
    const [ready, tickets] = await Promise.all([fetch(`${url}/readyz`), fetch(`${url}/api/v1/tickets`)]);
    expect([ready.status, tickets.status]).toEqual([200, 404]);
    child.kill('SIGINT');
    expect((await result).code).toBe(0);
  });

  it('says in a sentence that a second server may not run on the folder', async () => {
    const { child, result } = await serve();
    expect(await failedStart()).toMatch(
      /^A Tessera server already runs on the data folder .*: stop it first, .*\n$/,
    );
    child.kill('SIGTERM');
    expect((await result).code).toBe(0);
  });
});

describe('with a data folder that is none', () => {
  it('every command says so in a sentence', async () => {
    const { code, stdout, stderr } = await run(['token'], {
      TESSERA_DATA: join(import.meta.filename, 'data'),
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^The data folder \S+ is a file, or lies below one: choose another folder with TESSERA_DATA/,
    );
  });

  it('the doctor says what to do', async () => {
    const { code, stdout, stderr } = await run(['doctor', '--json'], {
      TESSERA_DATA: join(import.meta.filename, 'data'),
      PORT: '0',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/checks failed/);
    const failed = JSON.parse(stdout).filter(({ status }: { status: string }) => status === 'fail');
    expect(failed.map(({ check }: { check: string }) => check)).toContain('database');
  });
});
