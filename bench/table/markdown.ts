import { formatEstimateMs, formatMs, formatRatio } from '../../lib/bench/report/format.ts';
import { describeRun } from '../../lib/bench/report/table.ts';
import type { BenchResult } from '../../lib/bench/result.ts';
import type { Case } from './cases.ts';
import type { PythonRow } from './python.ts';

/** A measured case. Its variants are naive, hello, and the artifact in both packings. */
export interface Row {
  case: Case;
  result: BenchResult;
}

type Summary = BenchResult['summaries'][number];

const head = [
  'spawn to first answer',
  'engine',
  'packed',
  'disk',
  'naive ms',
  'coldpress ms',
  'ratio',
  'at most',
  'hello',
  'peak memory',
  'warm p50',
  'packed otherwise',
];

export function naiveOf({ result: { summaries } }: Row): Summary {
  return summaries[0]!;
}

/** The summary of the artifact in a packing; the first one is the case's own. */
export function artifactOf({ result: { summaries } }: Row, packing: 0 | 1 = 0): Summary {
  return summaries[2 + packing]!;
}

const engines = { compiled: 'compiled', onnxruntime: 'ONNX Runtime' } as const;

export function engineOf({ result: { variants } }: Row, packing: 0 | 1 = 0): string {
  return engines[variants[2 + packing]!.engine!];
}

/** The table of what coldpress promises, next to the measurements. */
export function formatTable(rows: readonly Row[], python: PythonRow | undefined): string {
  const last = rows.at(-1)!.result;
  const lines = [head, head.map((_, index) => (index < 4 ? '---' : '--:')), ...rows.map(formatRow)];
  return [
    ...lines.map(cells => `| ${cells.join(' | ')} |`),
    '',
    'Ratios are to naive, which uses ONNX Runtime, in rounds of one interleaved run; peak memory and warm p50 are divided by its own.',
    '`▲` marks a figure above its limit.',
    '',
    describePython(python),
    '',
    ...describeRun(last)
      .slice(0, 3)
      .map(text => `${text}  `),
    '',
  ].join('\n');
}

function formatRow(row: Row): string[] {
  const { title, disk, atMost, packings } = row.case;
  const naive = naiveOf(row);
  const hello = row.result.summaries[1]!;
  const [own, other] = [artifactOf(row), artifactOf(row, 1)];
  const mark = (text: string, isOver: boolean) => (isOver ? `${text} ▲` : text);
  const memory = own.peakMemoryMb! / naive.peakMemoryMb!;
  const warm = ({ warmMs }: Summary) =>
    `${formatMs(warmMs!.p50)} ms (${(warmMs!.p50 / naive.warmMs!.p50).toFixed(2)})`;
  return [
    title,
    engineOf(row),
    packings[0].name,
    disk,
    formatEstimateMs(naive.totalMs),
    formatEstimateMs(own.totalMs),
    mark(formatRatio(own.ratio!), own.ratio!.value > atMost.ratio),
    atMost.ratio.toFixed(2),
    hello.ratio!.value.toFixed(2),
    mark(memory.toFixed(2), memory > (atMost.memory ?? Number.POSITIVE_INFINITY)),
    warm(own),
    `${packings[1].name}: ${formatRatio(other.ratio!)}, warm ${warm(other)}`,
  ];
}

function describePython(row: PythonRow | undefined): string {
  if (row === undefined) {
    return 'Against Python: not measured, for no Python here has onnxruntime.';
  }
  const { python, pythonMs, coldpressMs, ratio } = row;
  return [
    `Against ${python}, whole processes without a server, the example GBM: ${formatEstimateMs(pythonMs)} ms for Python,`,
    `${formatEstimateMs(coldpressMs)} ms for coldpress, compiled, ratio ${formatRatio(ratio)} (at most 0.50).`,
  ].join('\n');
}
