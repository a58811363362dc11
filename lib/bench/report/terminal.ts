import { styleText } from 'node:util';
import type { Comparison } from '../compare.ts';
import { type PhaseName, type PhaseTimes, phases, phasesIn } from '../phases.ts';
import type { BenchResult } from '../result.ts';
import type { Warning } from '../warning.ts';
import { formatMs, formatRatio } from './format.ts';
import { describeRun, makeTable } from './table.ts';

const barWidth = 60;
const colors = {
  platform: 'white',
  runtime: 'gray',
  handler: 'blue',
  native: 'magenta',
  model: 'yellow',
  first: 'green',
  answer: 'cyan',
} as const satisfies Record<PhaseName, string>;

/** Formats the result for a terminal, or for a log if `colored` is false, with bars made of each phase's letter. */
export function formatTerminal(result: BenchResult, colored: boolean, comparison?: Comparison): string {
  const { summaries, variants, warnings } = result;
  const { head, rows } = makeTable(result);
  const longest = Math.max(...summaries.map(({ totalMs }) => totalMs.value));
  const name = Math.max(...variants.map(variant => variant.name.length));
  return [
    '',
    ...alignRows([head, ...rows]),
    '',
    ...summaries.map(
      summary =>
        `  ${summary.name.padEnd(name)}  ${formatBar(summary.phases, barWidth / longest, colored)} ${formatMs(summary.totalMs.value)} ms`,
    ),
    `  ${' '.repeat(name)}  ${formatLegend(summaries, colored)}`,
    '',
    ...describeRun(result).map(line => `  ${line}`),
    ...(comparison === undefined ? [] : ['', ...formatComparison(comparison)]),
    ...[...warnings, ...(comparison?.warnings ?? [])].map(formatWarning),
    '',
  ].join('\n');
}

function alignRows(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
  return rows.map(row =>
    `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')}`.trimEnd(),
  );
}

/** Rounds the edges instead of the widths, so that the bar has the right total length. */
function formatBar(times: PhaseTimes, perMs: number, colored: boolean): string {
  let [end, drawn, bar] = [0, 0, ''];
  for (const { name, letter } of phases) {
    end += times[name] * perMs;
    const width = Math.max(0, Math.round(end) - drawn);
    drawn += width;
    bar += colored ? styleText(colors[name], '█'.repeat(width)) : letter.repeat(width);
  }
  return bar;
}

function formatLegend(summaries: BenchResult['summaries'], colored: boolean): string {
  return phasesIn(summaries)
    .map(({ name, title, letter }) =>
      colored ? `${styleText(colors[name], '█')} ${title}` : `${letter} ${title}`,
    )
    .join('  ');
}

function formatWarning({ variant, message, hint }: Warning): string {
  return `  warning: ${variant === undefined ? '' : `${variant}: `}${message}\n           ${hint}`;
}

export function formatComparison({ by, changes, failAbove }: Comparison): string[] {
  const limit = failAbove === null ? '' : `; at most ${(100 * failAbove).toFixed(1)} % slower`;
  return [
    `  against the run before${by === null ? '' : `, both measured by ${by}`}${limit}`,
    ...changes.flatMap(({ name, cold, warm, phases: added, verdict }) => {
      const grown = added.filter(({ addedMs }) => (addedMs.interval?.low ?? 0) > 0);
      const where = grown.map(({ phase, addedMs }) => `${titleOf(phase)} +${formatMs(addedMs.value)} ms`);
      return [
        `  ${name}: ${verdict === 'fine' ? 'ok' : verdict.toUpperCase()}, cold ${formatRatio(cold)}${
          warm === null ? '' : `, warm ${formatRatio(warm)}`
        }`,
        ...(where.length === 0 ? [] : [`    in ${where.join(', ')}`]),
      ];
    }),
  ];
}

function titleOf(name: string): string {
  return phases.find(phase => phase.name === name)?.title ?? name;
}
