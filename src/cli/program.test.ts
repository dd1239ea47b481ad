import { describe, expect, it } from 'vitest';
import { run } from './fixture/tessera.ts';

const commands = [
  'serve',
  'migrate',
  'demo',
  'doctor',
  'token',
  'client',
  'api-key',
  'person',
  'party',
  'account',
];

describe('the program', () => {
  it('shows its help and its version, whatever the configuration says', async () => {
    const env = { PORT: 'none' };
    const [help, version, ...each] = await Promise.all([
      run(['--help'], env),
      run(['--version'], env),
      run(['token', '--help'], env),
      run(['help', 'issuer'], env),
    ]);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const name of commands) expect(help.stdout).toContain(`\n  ${name} `);
    expect(version).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
    for (const { code, stdout, stderr } of each) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: tessera /);
      expect(stdout).toMatch(/\nExamples:\n {2}npm run -s tessera -- /);
    }
  });

  it('ends with 2 and an empty stdout for wrong usage', async () => {
    const wrong = [
      [],
      ['nonsense'],
      ['token', '--nonsense'],
      ['issuer'],
      ['issuer', 'add'],
      ['demo', '--tickets', '0'],
    ];
    for (const { code, stdout, stderr } of await Promise.all(wrong.map((args) => run(args, {})))) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).not.toBe('');
    }
  });

  it('says in a sentence what is wrong with the configuration', async () => {
    expect(await run(['token'], { PORT: 'none', DATABASE_URL: 'mysql://x' })).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'The configuration is not usable:\n' +
        '  PORT is "none", but must be a whole number from 0 to 65535\n' +
        '  DATABASE_URL must be a URL that begins with postgres:// or postgresql://\n',
    });
  });

  it('says in a sentence that the database cannot be reached', async () => {
    // Port 9 is "discard", which nothing serves any more.
    expect(await run(['token'], { DATABASE_URL: 'postgres://x:y@127.0.0.1:9/z' })).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'The database cannot be reached (connect ECONNREFUSED 127.0.0.1:9). Is it running, and is DATABASE_URL right?\n',
    });
  });
});
