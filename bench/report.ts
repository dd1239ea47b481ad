import { type Figure, isMet, type Outcome, type Target } from './outcome.ts';
import type { Round } from './rounds.ts';
import { median } from './statistics.ts';

/** The machine and the software that the figures hold for. */
export interface Circumstances {
  readonly date: string;
  readonly command: string;
  readonly commit: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly loadAverage: number;
  readonly system: string;
  readonly node: string;
  readonly postgres: string;
  readonly postgresSettings: Readonly<Record<string, string>>;
  readonly fileSystem: string;
}

export interface Report {
  readonly circumstances: Circumstances;
  readonly outcomes: readonly Outcome[];
}

/** The targets as lines of a Markdown table. */
export function targetTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap(({ targets }) =>
    targets.map((target) => [
      target.name,
      show(target.measured, target.unit),
      bound(target),
      isMet(target) ? 'met' : '**missed**',
    ]),
  );
  return table(['', 'measured', 'target', ''], rows);
}

export function toMarkdown({ circumstances: c, outcomes }: Report): string {
  const settings = Object.entries(c.postgresSettings).map(([name, value]) => `${name} ${value}`);
  const parts = [
    '# Benchmark',
    `\`${c.command}\` on ${c.date}, commit ${c.commit}.`,
    [
      `- ${c.cpu}, ${c.cores} cores, ${c.memoryGb} GB, ${c.system}, ${c.fileSystem}; load average before: ${c.loadAverage}`,
      `- Node ${c.node}, PostgreSQL ${c.postgres} (${settings.join(', ')})`,
      '- Server, PostgreSQL and load generator share the machine.',
    ].join('\n'),
    targetTable(outcomes),
    ...outcomes.map(section),
  ];
  return `${parts.join('\n\n')}\n`;
}

function section({ title, figures, rounds }: Outcome): string {
  const parts = [`## ${title}`];
  if (figures.length > 0) parts.push(figureTable(figures));
  for (const [name, all] of Object.entries(rounds))
    parts.push(`${name}, medians of ${all.length} rounds:`, roundTable(all));
  return parts.join('\n\n');
}

function figureTable(figures: readonly Figure[]): string {
  return table(
    ['', 'measured'],
    figures.map(({ name, value, unit }) => [name, show(value, unit)]),
  );
}

/** Each side with its middle figures; processor time is for one answer. */
function roundTable(rounds: readonly Round[]): string {
  const sides = Object.keys(rounds[0] ?? {});
  const rows = sides.map((side) => {
    const middle = (figure: keyof Round[string]) =>
      median(rounds.map((round) => Number(round[side]?.[figure])));
    return [
      side,
      show(middle('perSecond'), '/s'),
      ...(['p50Ms', 'p99Ms', 'maxMs'] as const).map((figure) => show(middle(figure), 'ms')),
      ...(['serverCpuUs', 'databaseCpuUs', 'generatorCpuUs'] as const).map((figure) =>
        show(middle(figure), 'µs'),
      ),
    ];
  });
  return table(
    ['', 'answers', 'p50', 'p99', 'longest', 'CPU server', 'CPU PostgreSQL', 'CPU generator'],
    rows,
  );
}

function bound({ unit, least, most }: Target): string {
  return least === undefined ? `at most ${show(most ?? Number.NaN, unit)}` : `at least ${show(least, unit)}`;
}

function show(value: number, unit: Figure['unit']): string {
  if (!Number.isFinite(value)) return 'not known here';
  if (unit === 'ratio') return value.toFixed(2);
  const digits = (unit === 'ms' && value < 100) || (unit === '/s' && value < 10) ? 2 : 0;
  const text = value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
  return unit === '/s' ? `${text}/s` : `${text} ${unit}`.trim();
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
