import type { Columns } from '../../contract/columns.ts';
import { CsvError, type CsvRow, columnNames, csvReader } from '../../contract/csv.ts';
import { recordMaker } from '../csv/record-maker.ts';
import { RequestError } from '../errors.ts';
import { fromLatin1, toLatin1 } from './latin1.ts';
import type { ObjectRecord } from './types.ts';

/** Reads CSV with a header; each row is an object. @throws RequestError 400 if no single row is at fault */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  model: Columns,
): AsyncGenerator<ObjectRecord> {
  const reader = csvReader();
  let toRecord: ((row: CsvRow) => ObjectRecord) | undefined;

  function* read(rows: CsvRow[]): Generator<ObjectRecord> {
    for (const row of rows) {
      if (toRecord === undefined) {
        const names = columnNames(row).map(name => fromLatin1(name) ?? name);
        toRecord = recordMaker(names, model, fromLatin1);
      } else {
        yield toRecord(row);
      }
    }
  }

  try {
    for await (const text of toLatin1(bytes)) {
      yield* read(reader.push(text));
    }
    yield* read(reader.end());
  } catch (error) {
    throw error instanceof CsvError ? new RequestError(400, 'CSV', `not CSV: ${error.message}`) : error;
  }
}
