import { formatEstimateMs, formatMs, formatRatio } from '../../lib/bench/report/format.ts';
import { describeRun } from '../../lib/bench/report/table.ts';
import type { BenchResult } from '../../lib/bench/result.ts';
import type { Case } from './cases.ts';
import type { PythonRow } from './python.ts';

/**
 * A measured case. Its variants are naive, hello, and the artifact, both tuned for the first answer and with defaults.
 */
export interface Row {
  case: Case;
  result: BenchResult;
}

const head = [
  'spawn to first answer',
  'disk',
  'naive ms',
  'coldpress ms',
  'ratio',
  'at most',
  'hello',
  'peak memory',
  'warm p50, `--tune cold`',
  'warm p50, default',
];

/** The table of what coldpress promises, next to the measurements. */
export function formatTable(rows: readonly Row[], python: PythonRow | undefined): string {
  const last = rows.at(-1)!.result;
  const lines = [head, head.map((_, index) => (index < 2 ? '---' : '--:')), ...rows.map(formatRow)];
  return [
    ...lines.map(cells => `| ${cells.join(' | ')} |`),
    '',
    'Ratios are to naive, in rounds of one interleaved run; peak memory and warm p50 are divided by its own. `▲` marks a',
    'figure above its limit.',
    '',
    describePython(python),
    '',
    ...describeRun(last)
      .slice(0, 3)
      .map(text => `${text}  `),
    '',
  ].join('\n');
}

function formatRow({ case: { title, disk, atMost }, result: { summaries } }: Row): string[] {
  const [naive, hello, cold, standard] = summaries as [Summary, Summary, Summary, Summary];
  const mark = (text: string, isOver: boolean) => (isOver ? `${text} ▲` : text);
  const memory = cold.peakMemoryMb! / naive.peakMemoryMb!;
  const warm = (summary: Summary) => summary.warmMs!.p50 / naive.warmMs!.p50;
  const describeWarm = (summary: Summary) =>
    `${formatMs(summary.warmMs!.p50)} ms (${warm(summary).toFixed(2)})`;
  return [
    title,
    disk,
    formatEstimateMs(naive.totalMs),
    formatEstimateMs(cold.totalMs),
    mark(formatRatio(cold.ratio!), cold.ratio!.value > atMost.ratio),
    atMost.ratio.toFixed(2),
    hello.ratio!.value.toFixed(2),
    mark(memory.toFixed(2), memory > (atMost.memory ?? Number.POSITIVE_INFINITY)),
    describeWarm(cold),
    mark(describeWarm(standard), warm(standard) > 1.25),
  ];
}

function describePython(row: PythonRow | undefined): string {
  if (row === undefined) {
    return 'Against Python: not measured, for no Python here has onnxruntime.';
  }
  const { python, pythonMs, coldpressMs, ratio } = row;
  return [
    `Against ${python}, whole processes without a server, the example GBM: ${formatEstimateMs(pythonMs)} ms for Python,`,
    `${formatEstimateMs(coldpressMs)} ms for coldpress, ratio ${formatRatio(ratio)} (at most 0.50).`,
  ].join('\n');
}

type Summary = BenchResult['summaries'][number];
