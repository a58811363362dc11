import type { Table } from './types.ts';

/** Splits whole columns into tables of some rows each. @param firstRow - file's number of their first row, from 0 */
export function* slices(
  columns: ReadonlyMap<string, ArrayLike<unknown>>,
  {
    path,
    rows,
    rowsAtOnce,
    firstRow = 0,
  }: { path: string; rows: number; rowsAtOnce: number; firstRow?: number },
): Generator<Table> {
  for (let start = 0; start < rows; start += rowsAtOnce) {
    const end = Math.min(rows, start + rowsAtOnce);
    const own = Array.from(columns, ([name, values]): [string, unknown[]] => [
      name,
      Array.from({ length: end - start }, (_, index) => values[start + index]),
    ]);
    yield { path, rows: end - start, firstRow: firstRow + start, columns: new Map(own) };
  }
}
