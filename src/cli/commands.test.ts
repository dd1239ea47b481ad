import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { withConnection } from '../../test/postgres-server.ts';
import { runInside } from './fixture/inside.ts';

const database = useDatabase();
const tessera = (...args: string[]) => runInside(args, { DATABASE_URL: database.url });
const done = (stdout: string, stderr = '') => ({ code: 0, stdout: `${stdout}\n`, stderr });
const refused = (...words: string[]) => ({ code: 1, stdout: '', stderr: `${words.join('\n')}\n` });
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\n$/;

// The first command makes the account default and tells its first administrator's password.
beforeAll(async () => {
  const { code, stderr } = await tessera('party', '--key', 'onvia', '--name', 'Onvia Telecom');
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^The account default was made. Sign in as \S+ with the password \S{20} \(shown only/,
  );
});

describe('party', () => {
  it('prints the key, makes the party once and leaves it as it is', async () => {
    expect(await tessera('party', '--key', 'redsur', '--name', 'Red Sur')).toEqual(done('redsur'));
    expect(await tessera('party', '--key', 'redsur', '--name', 'Other')).toEqual(
      done('redsur', 'The party redsur (Red Sur) was there already and is left as it is.\n'),
    );
  });

  it('lists the parties as a table, and as JSON', async () => {
    const [table, json] = await Promise.all([
      tessera('party', '--list'),
      tessera('party', '--list', '--json'),
    ]);
    expect(table.stdout.split('\n')).toEqual(
      expect.arrayContaining(['key      name', 'default  Default', 'onvia    Onvia Telecom']),
    );
    expect(JSON.parse(json.stdout)).toEqual(
      expect.arrayContaining([{ key: 'onvia', name: 'Onvia Telecom' }]),
    );
  });

  it('refuses keys with spaces and empty names, and wants both', async () => {
    const [key, name, none] = await Promise.all([
      tessera('party', '--key', 'red sur', '--name', 'x'),
      tessera('party', '--key', 'x', '--name', ' '),
      tessera('party', '--key', 'x'),
    ]);
    expect(key).toEqual(
      refused('--key must have 1 to 100 letters, digits and . _ : @ / -, a letter or digit first'),
    );
    expect(name).toEqual(refused('--name must have 1 to 200 characters'));
    expect(none).toEqual({ ...refused('Give --key and --name, or --list.'), code: 2 });
  });
});

describe('account', () => {
  it('makes an account with its own party, which other commands then take', async () => {
    const args = [
      '--key',
      'norte',
      '--name',
      'Red Norte',
      '--ticket-prefix',
      'NOR',
      '--time-zone',
      'Europe/Madrid',
    ];
    expect(await tessera('account', ...args)).toEqual(done('norte'));
    expect(await tessera('party', '--list', '--account', 'norte', '--json')).toEqual(
      done(JSON.stringify([{ key: 'norte', name: 'Red Norte' }], null, 2)),
    );
    const list = await tessera('account', '--list', '--json');
    expect(JSON.parse(list.stdout)).toContainEqual({
      key: 'norte',
      name: 'Red Norte',
      ticketPrefix: 'NOR',
      timeZone: 'Europe/Madrid',
    });
  });

  it('says all that is wrong at once', async () => {
    const args = ['--key', 'Norte', '--name', '', '--ticket-prefix', '9', '--time-zone', 'Europe/Atlantis'];
    expect(await tessera('account', ...args)).toEqual(
      refused(
        '--key must have 1 to 40 small letters, digits and dashes, no dash first',
        '--name must have 1 to 200 characters',
        '--ticket-prefix must have 1 to 10 capital letters and digits, a letter first',
        '--time-zone Europe/Atlantis is not known; give one such as Europe/Madrid or UTC',
      ),
    );
  });

  it('does not take the prefix of tickets that have one of their own', async () => {
    const args = ['--key', 'este', '--name', 'Este', '--ticket-prefix', 'HD'];
    expect(await tessera('account', ...args)).toEqual(
      refused('--ticket-prefix HD is that of desk tickets; give another one'),
    );
  });

  it('that nobody made is refused by every command that takes one, with the way out', async () => {
    const { code, stdout, stderr } = await tessera('token', '--account', 'sur');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^There is no account sur\. There is: default.*\. Make one with: .* account --key KEY/,
    );
  });
});

describe('token', () => {
  it('prints a token with the claims asked for, and nothing else', async () => {
    const args = ['--sub', 'lucia', '--name', 'Lucía Ferrer', '--party', 'onvia', '--persona', 'noc'];
    const { code, stdout, stderr } = await tessera('token', ...args, '--permissions', 'a,b', '--ttl', '15m');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { iat = 0, exp = 0, ...claims } = decodeJwt(stdout.trim());
    expect(claims).toMatchObject({
      Account: 'default',
      party: 'onvia',
      Persona: 'noc',
      PersonId: 'lucia',
      sub: 'lucia',
      DisplayName: 'Lucía Ferrer',
      permissions: ['a', 'b'],
    });
    expect(exp - iat).toBe(900);
  });

  it('takes lifetimes in short and as ISO 8601', async () => {
    const lifetimes = ['90s', '12h', '7d', 'PT2H'];
    const ran = await Promise.all(lifetimes.map((ttl) => tessera('token', '--ttl', ttl)));
    const seconds = ran.map(({ stdout }) => {
      const { iat = 0, exp = 0 } = decodeJwt(stdout.trim());
      return exp - iat;
    });
    expect(seconds).toEqual([90, 43_200, 604_800, 7200]);
  });

  it('speaks for a party that nobody made only with a warning', async () => {
    expect(await tessera('token', '--party', 'nobody')).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/),
      stderr:
        'The account default knows no party nobody, so the token can do nothing yet. Make the party with: ' +
        'tessera party --key nobody --name NAME\n',
    });
  });

  it('is refused for a lifetime that is none', async () => {
    const [zero, text] = await Promise.all([
      tessera('token', '--ttl', '0s'),
      tessera('token', '--ttl', 'soon'),
    ]);
    expect(zero).toEqual(refused('--ttl must be between one second and ten years'));
    expect(text).toEqual({
      code: 2,
      stdout: '',
      stderr:
        "error: option '--ttl <time>' argument 'soon' is invalid. Give it as 90s, 15m, 12h, 7d or PT1H.\n" +
        '(add --help for what it takes)\n',
    });
  });
});

describe('client', () => {
  it('prints id and secret as JSON, shows the client without its secret, and revokes it once', async () => {
    const made = await tessera(
      'client',
      '--name',
      'Gateway',
      '--party',
      'onvia',
      '--permissions',
      'tickets.read',
    );
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const client = JSON.parse(made.stdout);
    expect(client).toEqual({
      client_id: expect.stringMatching(/^default\.[\w-]{16}$/),
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
    });
    const list = await tessera('client', '--list', '--json');
    expect(JSON.parse(list.stdout)).toContainEqual({
      id: client.client_id,
      name: 'Gateway',
      permissions: ['tickets.read'],
      party: 'onvia',
      persona: null,
      integration: null,
      createdAt: expect.any(String),
      revokedAt: null,
    });
    expect(list.stdout).not.toContain(client.client_secret);
    expect((await tessera('client', '--revoke', client.client_id)).code).toBe(0);
    expect(await tessera('client', '--revoke', client.client_id)).toEqual(
      refused(`The account default has no client ${client.client_id}, or it was revoked before.`),
    );
  });

  it('is refused for an unknown party, and wants to know what to do', async () => {
    const [party, nothing] = await Promise.all([
      tessera('client', '--name', 'x', '--party', 'nobody'),
      tessera('client'),
    ]);
    expect(party).toMatchObject({ code: 1, stdout: '' });
    expect(party.stderr).toContain('party --key KEY --name NAME');
    expect(nothing).toEqual({ ...refused('Give --name, --list or --revoke.'), code: 2 });
  });
});

describe('api-key', () => {
  it('prints the bare key, and its id on stderr to revoke it by', async () => {
    const made = await tessera('api-key', '--name', 'Report', '--permissions', 'tickets.read');
    expect(made.stdout).toMatch(/^tk_default_[\w-]{43}\n$/);
    const id = /is (\S+)\.\n$/.exec(made.stderr)?.[1] ?? '';
    const list = await tessera('api-key', '--list', '--json');
    expect(JSON.parse(list.stdout)).toContainEqual(
      expect.objectContaining({ id, name: 'Report', permissions: ['tickets.read'], revokedAt: null }),
    );
    expect(await tessera('api-key', '--revoke', id)).toEqual({
      code: 0,
      stdout: '',
      stderr: `The API key ${id} is revoked.\n`,
    });
  });

  it('wants permissions, and refuses what is none', async () => {
    const [without, wrong] = await Promise.all([
      tessera('api-key', '--name', 'x'),
      tessera('api-key', '--name', 'x', '--permissions', 'ok,9 wrong'),
    ]);
    expect(without.code).toBe(2);
    expect(wrong).toEqual(refused('--permissions 9 is not a permission'));
  });
});

describe('person', () => {
  it('prints the UUID, and a made password on stderr', async () => {
    const args = [
      '--email',
      'Lucia@example.com',
      '--name',
      'Lucía Ferrer',
      '--operator',
      '--permissions',
      'admin',
    ];
    const made = await tessera('person', ...args);
    expect(made.stdout).toMatch(UUID);
    expect(made.stderr).toMatch(/^The password is \S{20} \(shown only this once\)\.\n$/);
    const list = await tessera('person', '--list', '--json');
    expect(JSON.parse(list.stdout)).toContainEqual({
      id: made.stdout.trim(),
      email: 'lucia@example.com',
      name: 'Lucía Ferrer',
      isOperator: true,
      permissions: ['admin'],
      party: null,
      persona: null,
      createdAt: expect.any(String),
      disabledAt: null,
    });
    expect(await tessera('person', ...args)).toEqual(
      refused('The account has a person with the e-mail address lucia@example.com already.'),
    );
    expect((await tessera('person', '--disable', made.stdout.trim())).code).toBe(0);
  });

  it('takes a password, which it does not show', async () => {
    const made = await tessera(
      'person',
      '--email',
      'm@example.com',
      '--name',
      'M',
      '--password',
      'long enough',
    );
    expect(made).toEqual({ code: 0, stdout: expect.stringMatching(UUID), stderr: '' });
  });

  it('says every fault, and asks for no password without a terminal', async () => {
    const [faults, terminal, both] = await Promise.all([
      tessera('person', '--email', 'no address', '--name', 'x', '--password', 'short'),
      tessera('person', '--email', 'a@b.c', '--name', 'x', '--ask-password'),
      tessera('person', '--email', 'a@b.c', '--name', 'x', '--ask-password', '--password', 'long enough'),
    ]);
    expect(faults).toEqual(
      refused('--email must be an e-mail address', '--password must have 8 to 128 characters'),
    );
    expect([terminal.code, both.code]).toEqual([2, 2]);
    expect(terminal.stdout + both.stdout).toBe('');
  });
});

describe('setting', () => {
  const key = 'trouble.guaranteePeriod';

  it('is printed, set, and taken back to its default', async () => {
    expect(await tessera('setting', key)).toEqual(done('PT72H'));
    expect(await tessera('setting', key, 'PT48H')).toEqual(
      done('PT48H', `${key} of the account default is PT48H now; it was PT72H.\n`),
    );
    expect(await tessera('setting', '--get', key)).toEqual(done('PT48H'));
    const list = await tessera('setting', '--json');
    expect(JSON.parse(list.stdout)).toContainEqual({
      key,
      value: 'PT48H',
      set: true,
      default: 'PT72H',
      label: 'Time from cleared until the ticket closes by itself',
    });
    expect(await tessera('setting', '--unset', key)).toEqual(
      done('PT72H', `${key} of the account default is PT72H now; it was PT48H.\n`),
    );
    expect((await tessera('setting')).stdout).toMatch(/^key +value +set +default +label\n/);
  });

  it('is never printed where it is secret', async () => {
    const outputs = [
      await tessera('setting', 'zendesk.token', 'not-for-anybody'),
      await tessera('setting', 'zendesk.token'),
      await tessera('setting', '--get', '--json', 'zendesk.token'),
      await tessera('setting'),
      await tessera('setting', '--json'),
      await tessera('setting', 'zendesk.token', 'x'.repeat(1001)),
      await tessera('setting', '--unset', 'zendesk.token'),
    ].map(({ stdout, stderr }) => stdout + stderr);
    expect(outputs[0]).toBe(
      '(secret)\nzendesk.token of the account default is (secret) now; it was empty.\n',
    );
    expect(outputs[1]).toBe('(secret)\n');
    for (const output of outputs) expect(output).not.toMatch(/not-for-anybody|xxx/);
  });

  it('is refused where it is not known or its value is not one', async () => {
    const [unknown, value, usage] = await Promise.all([
      tessera('setting', 'trouble.guarantee'),
      tessera('setting', key, 'soon'),
      tessera('setting', '--get', key, 'PT1H'),
    ]);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toMatch(
      /^There is no setting trouble.guarantee. The settings are: .*guaranteePeriod/,
    );
    expect(value).toEqual(refused(`${key} must be an ISO 8601 duration such as PT72H, and "soon" is not.`));
    expect(usage.code).toBe(2);
  });

  it('names only an entry that there is', async () => {
    const key = 'care.defaultDepartment';
    const refused = await tessera('setting', key, 'nowhere');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      `${key} must be the key of a department that there is, and "nowhere" is not.`,
    );
    expect(await tessera('setting', key)).toEqual(done('corporate'));
    expect((await tessera('setting', key, 'partner-service')).code).toBe(0);
    expect((await tessera('setting', '--unset', key)).code).toBe(0);
  });
});

describe('issuer', () => {
  it('is added, listed and removed', async () => {
    const args = ['--name', 'partner', '--issuer', 'https://id.example.com', '--audience', 'tessera'];
    const keys = ['--jwks-url', 'https://id.example.com/jwks'];
    const mapping = ['--claim', 'permissions=scope', '--fixed', 'party=onvia', '--fixed', 'permissions=a,b'];
    expect(await tessera('issuer', 'add', ...args, ...keys, ...mapping)).toEqual(done('partner'));
    const list = await tessera('issuer', 'list', '--json');
    expect(JSON.parse(list.stdout)).toEqual([
      {
        name: 'partner',
        issuer: 'https://id.example.com',
        audience: 'tessera',
        jwksUrl: 'https://id.example.com/jwks',
        jwks: null,
        mapping: { claims: { permissions: 'scope' }, fixed: { party: 'onvia', permissions: ['a', 'b'] } },
      },
    ]);
    expect((await tessera('issuer', 'add', ...args, ...keys)).code).toBe(1);
    expect((await tessera('issuer', 'remove', 'partner')).code).toBe(0);
    expect(await tessera('issuer', 'remove', 'partner')).toEqual(
      refused('The account default trusts no issuer partner.'),
    );
  });

  it('is refused without keys, with keys that cannot be read, and with pairs that are none', async () => {
    const args = ['issuer', 'add', '--name', 'x', '--issuer', 'i', '--audience', 'a'];
    const [none, file, pair] = await Promise.all([
      tessera(...args),
      tessera(...args, '--jwks-file', '/nowhere'),
      tessera(...args, '--claim', 'permissions'),
    ]);
    expect(none).toEqual(refused('--jwks-url give the URL of the keys or the keys themselves'));
    expect(file.code).toBe(1);
    expect(pair).toEqual({ ...refused('"permissions" must be written as field=value.'), code: 2 });
  });
});

describe('options that do not go together', () => {
  it.each([
    ['person', '--list', '--disable', 'x'],
    ['person', '--disable', 'x', '--email', 'a@b.example', '--name', 'A'],
    ['client', '--list', '--revoke', 'x'],
    ['api-key', '--revoke', 'x', '--name', 'y', '--permissions', 'admin'],
    ['party', '--list', '--key', 'x', '--name', 'y'],
    ['account', '--list', '--key', 'x', '--name', 'y'],
  ])('are wrong usage: %s %s', async (...args) => {
    const { code, stdout, stderr } = await tessera(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/cannot be used with option/);
  });
});

describe('migrate', () => {
  it('has nothing to do on a database that is up to date', async () => {
    expect(await tessera('migrate')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Nothing to do: the database is up to date.\n',
    });
  });
});

describe('doctor', () => {
  it('lists what it found, and fails for a database that may lose what it has written', async () => {
    await withConnection(
      database.url,
      (sql) =>
        sql`update tessera.account set settings = '{"gone": "1", "webhooks.allowPrivateAddresses": "true"}' where account = 'default'`,
    );
    const { code, stdout, stderr } = await runInside(['doctor', '--json'], {
      DATABASE_URL: database.url,
      PORT: '0',
    });
    const findings: { check: string; status: string; advice: string | null }[] = JSON.parse(stdout);
    const found = Object.fromEntries(findings.map(({ check, status }) => [check, status]));
    expect(found).toMatchObject({
      Node: 'ok',
      PostgreSQL: 'ok',
      migrations: 'ok',
      settings: 'warn',
      port: 'ok',
    });
    expect(findings.filter(({ check, status }) => check === 'settings' && status === 'warn')).toHaveLength(1);
    expect(findings.filter(({ status, advice }) => (status === 'ok') !== (advice === null))).toEqual([]);
    // The tests' own PostgreSQL runs without fsync, unless TEST_DATABASE_URL names another one.
    const failed = findings.filter(({ status }) => status === 'fail');
    expect(code).toBe(failed.length > 0 ? 1 : 0);
    expect(stderr).toMatch(failed.length > 0 ? /checks failed/ : /It works, with/);
  });
});
