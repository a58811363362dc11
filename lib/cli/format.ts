/** Bytes exactly, in groups of three digits: limits are met or missed by single bytes. */
export function formatBytes(bytes: number): string {
  return `${groupDigits(bytes)} B`;
}

/** 262,144,000. Not `toLocaleString`: loading the locales takes longer than a pack from the cache. */
export function groupDigits(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Rows in columns: the first to the left, the others to the right. */
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
