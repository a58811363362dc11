import { styleText } from 'node:util';
import { counted, groupDigits } from '../counted.ts';
import { printable } from '../printable.ts';
import type { ColumnDrift } from './assess.ts';
import type { DriftReport } from './drift.ts';
import type { Figures, Interval } from './labels/performance.ts';
import { metricTitles } from './labels/titles.ts';
import type { EntryKind, EntryReport } from './logs/sum-entries.ts';

/** Number of columns without drift to list. */
const mostCalm = 10;

/** Formats the report as text, worst first. */
export function formatDrift(report: DriftReport, colors: boolean): string {
  const style = (format: 'bold' | 'red' | 'green', text: string) => (colors ? styleText(format, text) : text);
  const drifted = report.columns.filter(column => column.drifted);
  const calm = report.columns.filter(column => !column.drifted);
  const lines = [
    style(report.drifted ? 'red' : 'green', style('bold', headline(report))),
    describeRows(report),
    '',
    ...formatColumns([...drifted, ...calm.slice(0, mostCalm)]),
    ...(calm.length > mostCalm ? [`  and ${counted(calm.length - mostCalm, 'column')} without drift`] : []),
    ...drifted.flatMap(column => ['', ...describeColumn(column)]),
    ...(report.performance === null ? [] : ['', ...formatPerformance(report.performance)]),
    ...(report.technical.length === 0
      ? []
      : ['', 'Versions', ...report.technical.map(({ message }) => `  ${message}`)]),
    '',
    ...describeEntries(report.entries),
  ];
  return `${lines.map(line => line.trimEnd()).join('\n')}\n`;
}

/** @param model - the model's name, if the reader needs it */
export function headline({ columns, performance, technical, drifted }: DriftReport, model?: string): string {
  const of = (role: ColumnDrift['role']) =>
    columns.filter(column => column.role === role && column.drifted).length;
  const count = (n: number, one: string) => (n === 0 ? [] : [counted(n, one)]);
  const what = [
    ...count(of('feature'), 'feature'),
    ...count(of('output'), 'output'),
    ...(performance?.drifted === true ? ['performance'] : []),
    ...(technical.some(({ isFault }) => isFault) ? ['versions'] : []),
  ];
  const where = model === undefined ? '' : ` in ${printable(model)}`;
  return drifted ? `Drift${where}: ${what.join(', ')}` : `No drift${where}`;
}

export function describeRows({ reference, current, settings }: DriftReport): string {
  const period =
    current.firstDay === current.lastDay ? current.firstDay : `${current.firstDay} to ${current.lastDay}`;
  const versions = current.versions.length === 0 ? '' : `, version ${current.versions.join(', ')}`;
  const against =
    reference.kind === 'profile'
      ? `${counted(reference.rows, 'row')} of the profile`
      : `${counted(reference.rows, 'row')} of version ${reference.version}`;
  const runs = settings.looks === 1 ? 'one run' : `${groupDigits(settings.looks)} runs`;
  return `${counted(current.rows, 'row')}${period === '' ? '' : ` of ${period}`}${versions}, compared with ${against}; at most ${100 * settings.alpha} % chance of a false alarm in ${runs}`;
}

/** What the p of the table is corrected for. */
export function describeCorrection({ columns, settings }: DriftReport): string {
  const runs = settings.looks === 1 ? 'one run' : `${groupDigits(settings.looks)} runs`;
  return `p is corrected for ${counted(columns.length, 'column')} and ${runs}.`;
}

/** Headings of the table of columns, in the text and on the page. */
export const columnHeads = [
  'column',
  'drift',
  'corrected p',
  'PSI',
  'Jensen-Shannon',
  'chi² (df)',
  'Wasserstein',
  'missing',
  'outside',
];

/** A row of that table. */
export function columnCells({ name, drifted, correctedPValue, rates, ...distances }: ColumnDrift): string[] {
  const { populationStabilityIndex, jensenShannonDistance, chiSquare, wasserstein } = distances;
  return [
    printable(name),
    drifted ? 'yes' : 'no',
    formatP(correctedPValue),
    populationStabilityIndex.value.toFixed(3),
    jensenShannonDistance.value.toFixed(3),
    `${chiSquare.value.toFixed(1)} (${chiSquare.degreesOfFreedom})`,
    wasserstein?.value.toFixed(3) ?? '–',
    percent(rates.current.missing),
    percent(rates.current.outOfRange ?? rates.current.other ?? 0),
  ];
}

function formatColumns(columns: readonly ColumnDrift[]): string[] {
  const table = [columnHeads, ...columns.map(columnCells)];
  const widths = columnHeads.map((_, at) => Math.max(...table.map(row => row[at]!.length)));
  return table.map(
    row =>
      `  ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ')}`,
  );
}

/** Describes the bins and rates that changed most. */
export function describeColumn({ name, role, bins, rates, ...column }: ColumnDrift): string[] {
  const worst = [...bins]
    .sort((a, b) => Math.abs(b.current - b.reference) - Math.abs(a.current - a.reference))
    .slice(0, 3)
    .filter(bin => bin.current !== bin.reference);
  const psi = column.populationStabilityIndex;
  return [
    `${printable(name)} (${role})`,
    `  PSI is ${psi.value.toFixed(3)}; without drift, 5 % of samples of ${counted(column.rows.current, 'row')} exceed ${psi.expected.toFixed(3)}`,
    ...worst.map(
      ({ label, reference, current }) =>
        `  ${printable(label)}: ${percent(reference)}, now ${percent(current)}`,
    ),
    ...(['missing', 'outOfRange', 'other'] as const).flatMap(rate => {
      const [before, now] = [rates.reference[rate] ?? 0, rates.current[rate] ?? 0];
      return before === now ? [] : [`  ${rateTitles[rate]}: ${percent(before)}, now ${percent(now)}`];
    }),
  ];
}

const rateTitles = {
  missing: 'missing',
  outOfRange: 'out of range',
  other: 'not among the categories',
} as const;

function formatPerformance({
  rows,
  unmatched,
  overall,
  days,
  ...rest
}: NonNullable<DriftReport['performance']>): string[] {
  return [
    `Performance on ${counted(rows, 'labelled record')} (${rest.drifted ? 'it drifted' : 'no drift'}, p ${formatP(rest.correctedPValue)})`,
    ...formatFigures(overall).map(line => `  ${line}`),
    ...(days.length < 2
      ? []
      : days.map(
          day =>
            `  ${day.day}, ${counted(day.rows, 'record')}: ${formatFigures(day.figures).slice(0, 2).join('; ')}`,
        )),
    ...(unmatched.labels > 0
      ? [`  labels without a result in the log: ${groupDigits(unmatched.labels)}`]
      : []),
    ...(unmatched.results > 0 ? [`  results without a label: ${groupDigits(unmatched.results)}`] : []),
  ];
}

function formatFigures(figures: Figures): string[] {
  return Object.entries(figures).map(
    ([name, figure]) => `${metricTitles[name as keyof typeof metricTitles]} ${formatFigure(figure)}`,
  );
}

/** A figure with its 95 % interval. */
export function formatFigure(figure: Interval | undefined): string {
  return figure === undefined ? '–' : `${short(figure.value)} [${short(figure.low)}, ${short(figure.high)}]`;
}

const kinds: Record<EntryKind, string> = {
  counted: 'counted',
  uncounted: 'telemetry without counts',
  results: 'results',
  outsideWindow: 'outside the window',
  duplicated: 'duplicates, not counted again',
  broken: 'damaged or cut off',
  otherProfile: 'of another profile',
  foreign: 'other text',
};

export function describeEntries({ read, kinds: counts, examples, functions }: EntryReport): string[] {
  const parts = (Object.keys(kinds) as EntryKind[])
    .filter(kind => counts[kind] > 0)
    .map(kind => `${groupDigits(counts[kind])} ${kinds[kind]}`);
  return [
    `${counted(read, 'log entry', 'log entries')}: ${parts.join(', ')}`,
    ...(functions.length > 1
      ? [`  sum of ${functions.length} functions: ${functions.map(printable).join(', ')}`]
      : []),
    ...(Object.keys(examples) as EntryKind[]).map(
      kind => `  ${kinds[kind]}: ${examples[kind]!.map(printable).join('; ')}`,
    ),
  ];
}

export function formatP(value: number): string {
  return value >= 0.001 ? value.toFixed(3) : value > 0 ? value.toExponential(0) : '0';
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
