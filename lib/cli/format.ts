import { groupDigits } from '../counted.ts';

/** Exact bytes, with digits grouped by three: a single byte can decide whether a limit is met. */
export function formatBytes(bytes: number): string {
  return `${groupDigits(bytes)} B`;
}

/** Formats rows as a table: the first column is aligned left, the others right. */
export function formatTable(rows: string[][]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length))) ?? [];
  return rows
    .map(row =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join('  '),
    )
    .map(line => `  ${line}`.trimEnd())
    .join('\n');
}
