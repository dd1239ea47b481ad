import type { KindRegistry } from '../../core/kind.ts';
import type { Clock } from '../../kernel/clock.ts';
import { settingFault, shownValue } from '../../kernel/settings.ts';
import { findAccount, listAccounts } from '../../store/accounts.ts';
import type { Sql } from '../../store/database.ts';
import { migrationState } from '../../store/migrate.ts';
import { settingDefinitions } from '../setting-definitions.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const OLDEST_POSTGRES = 15;
const EXTENSIONS = ['pg_trgm'] as const;
const CLOCK_SAMPLES = 5;
const CLOCK_WARN_MS = 1000;
const CLOCK_FAIL_MS = 60_000;

/** Looks at a database that can be reached; nothing in it is changed. */
export async function checkDatabase(sql: Sql, clock: Clock, kinds: KindRegistry): Promise<Finding[]> {
  const findings = [
    await checkVersion(sql),
    await checkExtensions(sql),
    await checkClock(sql, clock),
    ...(await checkDurability(sql)),
  ];
  const { pending, unknown } = await migrationState(sql);
  if (unknown.length > 0) {
    const advice = 'Start the newer Tessera that made them, or restore a backup of this one.';
    return [...findings, fail('migrations', `${unknown.join(', ')} not known to this version`, advice)];
  }
  if (pending.length > 0) {
    const advice = 'The next start of the server applies them, and so does: tessera migrate';
    return [...findings, warn('migrations', `${pending.length} to be applied`, advice)];
  }
  findings.push(ok('migrations', 'up to date'));
  return [...findings, ...(await checkAccounts(sql, kinds)), await checkKeys(sql)];
}

async function checkVersion(sql: Sql): Promise<Finding> {
  const [row] = await sql<[{ number: string; name: string }]>`
    select current_setting('server_version_num') as number, current_setting('server_version') as name`;
  return Math.floor(Number(row.number) / 10_000) < OLDEST_POSTGRES
    ? fail('PostgreSQL', row.name, `Use PostgreSQL ${OLDEST_POSTGRES} or newer.`)
    : ok('PostgreSQL', row.name);
}

async function checkExtensions(sql: Sql): Promise<Finding> {
  const rows = await sql<{ name: string }[]>`
    select name from pg_available_extensions where name::text = any(${EXTENSIONS}::text[])`;
  const missing = EXTENSIONS.filter((name) => !rows.some((row) => row.name === name));
  return missing.length > 0
    ? fail(
        'extensions',
        `${missing.join(', ')} missing`,
        "Install PostgreSQL's contrib package on its machine.",
      )
    : ok('extensions', EXTENSIONS.join(', '));
}

/** Timers and tokens go by the clock of this machine. */
async function checkClock(sql: Sql, clock: Clock): Promise<Finding> {
  const samples: { apartMs: number; tookMs: number }[] = [];
  for (let sample = 0; sample < CLOCK_SAMPLES; sample += 1) samples.push(await compareClocks(sql, clock));
  // The shortest question says most: a busy machine answers others late.
  const { apartMs } = samples.reduce((best, sample) => (sample.tookMs < best.tookMs ? sample : best));
  const found = `${apartMs} ms apart from the database's`;
  const advice = 'Keep both machines in time with NTP.';
  if (apartMs > CLOCK_FAIL_MS) return fail('clock', found, advice);
  return apartMs > CLOCK_WARN_MS ? warn('clock', found, advice) : ok('clock', found);
}

/** Compares with the middle of the time that the question took. */
async function compareClocks(sql: Sql, clock: Clock): Promise<{ apartMs: number; tookMs: number }> {
  const before = clock.now().getTime();
  const [{ at }] = await sql<[{ at: Date }]>`select clock_timestamp() as at`;
  const after = clock.now().getTime();
  return { apartMs: Math.round(Math.abs(at.getTime() - (before + after) / 2)), tookMs: after - before };
}

/** What PostgreSQL says is written must survive a loss of power. */
async function checkDurability(sql: Sql): Promise<Finding[]> {
  const [settings] = await sql<[{ fsync: string; pages: string; commit: string }]>`
    select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages,
      current_setting('synchronous_commit') as commit`;
  const findings: Finding[] = [];
  if (settings.fsync !== 'on' || settings.pages !== 'on') {
    findings.push(
      fail(
        'durability',
        `fsync is ${settings.fsync}, full_page_writes is ${settings.pages}`,
        'Switch both on in postgresql.conf: a loss of power would destroy the database.',
      ),
    );
  }
  if (settings.commit === 'off') {
    findings.push(
      warn(
        'durability',
        'synchronous_commit is off',
        'Switch it on: a crash may lose writes that were answered already.',
      ),
    );
  }
  return findings.length > 0
    ? findings
    : [ok('durability', `fsync on, synchronous_commit ${settings.commit}`)];
}

async function checkAccounts(sql: Sql, kinds: KindRegistry): Promise<Finding[]> {
  const accounts = await listAccounts(sql);
  if (accounts.length === 0) {
    return [warn('accounts', 'none yet', 'The first start of the server makes the account default.')];
  }
  const definitions = settingDefinitions(kinds);
  const findings: Finding[] = [];
  for (const key of accounts) {
    const account = await findAccount(sql, key);
    for (const [setting, value] of Object.entries(account?.settings ?? {})) {
      const definition = definitions.find((known) => known.key === setting);
      const undo = `Take it back with: tessera setting --account ${key} --unset ${setting}`;
      const fault = definition && settingFault(definition, value);
      if (!definition)
        findings.push(warn('settings', `${key}: ${setting} is not known to this version`, undo));
      else if (fault) {
        const shown = shownValue(definition, value);
        findings.push(fail('settings', `${key}: ${setting} is "${shown}", but ${fault}`, undo));
      }
    }
  }
  const counted = ok('accounts', accounts.length === 1 ? '1 account' : `${accounts.length} accounts`);
  return [counted, ...(findings.length > 0 ? findings : [ok('settings', 'valid')])];
}

async function checkKeys(sql: Sql): Promise<Finding> {
  const [row] = await sql<[{ keys: number }]>`select count(*) as keys from oidc.signing_key`;
  return row.keys > 0
    ? ok('signing keys', String(row.keys))
    : warn('signing keys', 'none yet', 'The server and the first token make one by themselves.');
}
