import { once } from 'node:events';
import { Command, Option } from 'commander';
import { pino } from 'pino';
import { withExamples } from './examples.ts';
import { CommandFault } from './fault.ts';
import { toWhole } from './options.ts';
import { type Cli, NODE_ROLES, type NodeRole, type RunningServer } from './parts.ts';

/** What was begun has this long to end; a supervisor's own patience is usually longer. */
const STOP_WITHIN_MS = 10_000;

interface ServeOptions {
  readonly role: NodeRole;
  readonly port?: number;
  readonly host?: string;
}

export function serveCommand(cli: Cli): Command {
  const command = new Command('serve')
    .summary('Starts the server.')
    .description(
      'Starts the server and runs until it is told to stop (Ctrl-C, SIGTERM): it then ends what it has begun, within ' +
        '10 seconds. The log goes to stdout, JSON lines; on a terminal only warnings and faults, or what LOG_LEVEL asks ' +
        'for. The address and how to sign in go to stderr.',
    )
    .addOption(
      new Option('--role <role>', 'answer requests, work in the background, or both')
        .choices(NODE_ROLES)
        .default('all'),
    )
    .option('--port <port>', 'the port, 0 for any free one (else PORT, else 8080)', toWhole(0, 65_535))
    .option('--host <host>', 'the address to listen on (else HOST, else 127.0.0.1)')
    .action((options: ServeOptions) => serveUntilStopped(cli, options));
  return withExamples(command, cli.invocation, [
    { args: 'serve', does: 'starts everything, with an own PostgreSQL in ./data (or TESSERA_DATA)' },
    { args: 'serve --host 0.0.0.0 --port 80', does: 'answers on all addresses of the machine' },
    {
      args: 'serve --role worker',
      does: 'fires timers and follows the log, beside nodes that answer requests',
    },
  ]);
}

async function serveUntilStopped(cli: Cli, { role, ...where }: ServeOptions): Promise<void> {
  const { interruption, output, stdout } = cli;
  const { logLevel } = cli.config();
  const logFile = pino.destination({ fd: 1, sync: false });
  const log = pino({ level: stdout.isTTY && logLevel === 'info' ? 'warn' : logLevel }, logFile);
  try {
    const running = await cli.serve(where, { role, log });
    output.words(banner(cli, role, running));
    await aborted(interruption);
    log.info('stopping');
    const stopped = await withinTime(running.stop(), STOP_WITHIN_MS);
    if (!stopped) throw new CommandFault('What was begun did not end within 10 seconds; it is cut off.');
    log.info('stopped');
  } finally {
    // The log is written in the background; the end of the process would cut it off.
    const written = once(logFile, 'close').then(() => {});
    logFile.end();
    await withinTime(written, 1000);
  }
}

function banner({ version, invocation }: Cli, role: NodeRole, running: RunningServer): string {
  const { url, dataDir, administrator } = running;
  const facts = [
    dataDir !== null && ['Data', dataDir],
    administrator && ['Sign in', administrator.email],
    administrator && ['Password', `${administrator.password}   (shown only this once)`],
    !administrator && ['Sign in', `with a person of: ${invocation} person --list`],
    ['Get a token', `${invocation} token --permissions admin`],
    ['Example data', `${invocation} demo`],
    ['Stop', 'Ctrl-C'],
  ].filter((fact) => Array.isArray(fact));
  const does = role === 'worker' ? 'works in the background; its health is at' : 'runs at';
  const lines = facts.map(([name = '', text]) => `  ${name.padEnd(14)}${text}`);
  return [`Tessera ${version} ${does} ${url}`, '', ...lines, ''].join('\n');
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function withinTime(work: Promise<void>, limitMs: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), limitMs);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
