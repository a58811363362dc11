import { createReadStream } from 'node:fs';
import { type CsvRow, columnNames, csvReader } from '../../contract/csv.ts';
import { counted } from '../../counted.ts';
import { ColdpressError } from '../../errors.ts';
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
        throw new Error(
          `row ${firstRow + waiting.length + 1}: ${fault ?? `it has ${counted(cells.length, 'column')}, the header ${names.length}`}`,
        );
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

  let isFirst = true;
  for await (const text of createReadStream(path, { encoding: 'utf8', highWaterMark: 2 ** 20 })) {
    if (isFirst) {
      checkText(text, path);
    }
    yield* take(reader.push(isFirst ? text.replace(/^\uFEFF/, '') : text), false);
    isFirst = false;
  }
  yield* take(reader.end(), true);
}

/** Excel saves workbooks and UTF-16 more readily than CSV in UTF-8; neither is text without NUL characters. */
function checkText(start: string, path: string): void {
  if (!start.includes('\0')) {
    return;
  }
  const [problem, hint] = start.startsWith('PK')
    ? ['is an Excel workbook or another zip archive', 'in Excel, save it as "CSV UTF-8 (comma delimited)"']
    : ['is not UTF-8 text, perhaps UTF-16', 'save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE'];
  throw new ColdpressError('SAMPLES_INVALID', `${path} ${problem}`, { hint });
}
