import { type CsvRow, columnNames, csvReader } from '../../contract/csv.ts';
import { counted } from '../../counted.ts';
import { readUtf8 } from './read-utf8.ts';
import type { Table } from './types.ts';

/** Reads a CSV file with a header and one sample per row. */
export async function* readCsv(path: string, rowsAtOnce: number): AsyncGenerator<Table> {
  const reader = csvReader();
  let names: string[] | undefined;
  let firstRow = 0;
  let waiting: string[][] = [];

  function* take(rows: CsvRow[], isLast: boolean): Generator<Table> {
    for (const row of rows) {
      if (names === undefined) {
        names = columnNames(row);
        continue;
      }
      const { cells, fault } = row;
      if (fault !== undefined || cells.length !== names.length) {
        throw new Error(`row ${firstRow + waiting.length + 1}: ${fault ?? widthFault(cells, names)}`);
      }
      waiting.push(cells);
      if (waiting.length === rowsAtOnce) {
        yield flush();
      }
    }
    if (isLast && waiting.length > 0) {
      yield flush();
    }
  }

  function flush(): Table {
    const rows = waiting;
    waiting = [];
    const columns = new Map(names!.map((name, index) => [name, rows.map(cells => cells[index])]));
    const table = { path, rows: rows.length, firstRow, columns };
    firstRow += rows.length;
    return table;
  }

  for await (const text of readUtf8(path)) {
    yield* take(reader.push(text), false);
  }
  yield* take(reader.end(), true);
}

/** A header of one column that contains other separators, or none, is most likely not the header. */
function widthFault(cells: readonly string[], names: readonly string[]): string {
  const fault = `it has ${counted(cells.length, 'column')}, the header ${names.length}`;
  const [first = ''] = names;
  const separator = /[;\t|]/.exec(first)?.[0];
  if (names.length === 1 && separator !== undefined) {
    return `${fault}; cells are separated by commas, not by ${JSON.stringify(separator)}, and numbers have a decimal point`;
  }
  return names.length < cells.length ? `${fault}: the first line is ${JSON.stringify(names.join())}` : fault;
}
