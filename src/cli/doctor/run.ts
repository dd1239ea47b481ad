import { systemClock } from '../../kernel/clock.ts';
import { openDatabase } from '../../store/database.ts';
import { withRawDatabase } from '../database.ts';
import { CommandFault, explainFault } from '../fault.ts';
import type { Cli, CliConfig } from '../parts.ts';
import { checkDatabase } from './database.ts';
import { type Finding, fail, messageOf, ok } from './finding.ts';
import { checkDataFolder, checkNode } from './machine.ts';
import { checkPort } from './port.ts';

export async function runDoctor(cli: Cli, { json }: { readonly json?: true }): Promise<void> {
  const findings = await examine(cli);
  cli.output.data(json ? JSON.stringify(findings, null, 2) : findings.map(describe).join('\n'));
  const failed = findings.filter(({ status }) => status === 'fail').length;
  const doubtful = findings.filter(({ status }) => status === 'warn').length;
  if (failed > 0) throw new CommandFault(`${failed} of ${findings.length} checks failed.`);
  cli.output.words(doubtful > 0 ? `It works, with ${doubtful} warning(s).` : 'All is well.');
}

async function examine(cli: Cli): Promise<Finding[]> {
  const findings = [checkNode(process.version)];
  let config: CliConfig;
  try {
    config = cli.config();
  } catch (error) {
    return [
      ...findings,
      fail('configuration', messageOf(error), 'Mend the environment variables named here.'),
    ];
  }
  findings.push(ok('configuration', 'readable'));
  if (config.databaseUrl === null) findings.push(...(await checkDataFolder(config.dataDir)));
  findings.push(...(await examineDatabase(cli)));
  findings.push(await checkPort(config.host, config.port));
  return findings;
}

async function examineDatabase(cli: Cli): Promise<Finding[]> {
  try {
    return await withRawDatabase(cli, async ({ url }) => {
      const sql = openDatabase({ url, connections: 1, name: 'tessera doctor' });
      try {
        return await checkDatabase(sql, systemClock, await cli.kinds());
      } finally {
        await sql.end({ timeout: 5 });
      }
    });
  } catch (error) {
    const { message } = explainFault(error);
    return [fail('database', message ?? messageOf(error), 'Nothing works without it, so mend this first.')];
  }
}

function describe({ check, status, found, advice }: Finding): string {
  const line = `${status.padEnd(5)} ${check.padEnd(14)} ${found}`;
  return advice === null ? line : `${line}\n${' '.repeat(21)}→ ${advice}`;
}
