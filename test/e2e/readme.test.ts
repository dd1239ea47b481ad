import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
/** Everything that the walk runs, beside npm. */
const TOOLS = ['bash', 'curl'];

let folder = '';
let port = 0;
let server: ChildProcess | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-readme-'));
  port = await freePort();
  server = spawn(process.execPath, ['src/app/main.ts', 'serve'], {
    cwd: ROOT,
    env: environment(),
    stdio: 'ignore',
  });
  await until(async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.ok === true, {
    withinMs: 60_000,
    everyMs: 50,
  });
}, 90_000);

afterAll(async () => {
  if (server && server.exitCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

it('the walks of the README, line by line, take a trouble ticket through its seven transactions and one refusal, a complaint to the help desk, a vehicle to an operator, and a work item to its exception', async (context) => {
  for (const tool of TOOLS) {
    if (spawnSync(tool, ['--version']).error) context.skip(`${tool} is not on this machine`);
  }
  const { stdout } = await promisify(execFile)('bash', ['-ec', await walk()], {
    cwd: ROOT,
    env: environment(),
  });
  const lines = stdout.split('\n');
  const line = (start: string) => lines.find((text) => text.startsWith(start)) ?? '';
  expect(stdout).toContain('HTTP/1.1 201 Created');
  const { history } = JSON.parse(line('{"ticketId":"RED-84","history"'));
  const codes = history.map(({ code, role }: { code: string; role: string }) => `${code} ${role}`);
  expect(codes).toEqual(['TU01 TU', 'TO05 TO', 'TU06 TU', 'TO07 TO', 'TU08 TU', 'TO07 TO', 'TU09 TU']);
  expect(stdout).toContain('HTTP/1.1 409 Conflict');
  expect(JSON.parse(line('{"code":"invalidTransition"')).baseTroubleTicketState).toBe('CLOSED');
  expect(JSON.parse(line('{"id":"0'))).toMatchObject({ key: 'RED-84', state: 'closed', version: 7 });
  expect(JSON.parse(line('{"id":"RED-85"'))).toMatchObject({ status: 'acknowledged', priority: 'Medium' });
  expect(JSON.parse(line('{"ticketId":"RED-85"'))).toMatchObject({
    baseTroubleTicketState: 'OPENACTIVE',
    mirrorKey: 'ONV-1025',
  });
  expect(stdout).toContain('"message":"Tickets done: 1."');
  expect(JSON.parse(line('{"type":"list"'))).toMatchObject({ total: 1, items: [{ id: 1, status: 'open' }] });
  expect(stdout).toContain('"status":"ESCALATED"');
  const [waiting, begun, gone, closed] = lines
    .slice(lines.findIndex((text) => text.startsWith('{"query":{"limit":5')))
    .slice(0, 4)
    .map((text) => JSON.parse(text));
  const ticket = { id: waiting.result[0].id, ticket_number: 1, vin: 'JH4KA7630PC007649' };
  expect(waiting).toMatchObject({ query: { limit: 5, offset: 0 }, result: [ticket], total: 1 });
  expect(begun).toMatchObject({ ...ticket, outsourced: false });
  expect(gone).toMatchObject({ status: 404, type: '/problems/not-found' });
  expect(closed).toMatchObject({ ...ticket, external_reference: 'INV-1', operator_id: begun.operator_id });
  expect(JSON.parse(line('{"results":'))).toEqual({ results: [{ id: 'event-1', outcome: 'accepted' }] });
  expect(JSON.parse(line('{"triggers":')).triggers).toContainEqual({
    triggerName: 'ETA_MISSING.1.45678',
    nextFireTime: expect.stringMatching(/Z$/),
    messageType: 'EtaMissingCheck',
  });
  expect(stdout).toContain('\n204\n');
  expect(JSON.parse(line('{"ticketExceptions":')).ticketExceptions).toMatchObject([
    { subject: 'Missing ETA for work item #45678', tbsWorkItemAuthorizationNumber: '45678' },
  ]);
}, 120_000);

/** The commands of the walk, with the port of this test's server. */
async function walk(): Promise<string> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('## A walk'), readme.indexOf('## Settings'));
  const blocks = [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, commands]) => commands);
  return blocks.join('\n').replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`);
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PORT: String(port), TESSERA_DATA: folder, DATABASE_URL: '', LOG_LEVEL: 'warn' };
}
