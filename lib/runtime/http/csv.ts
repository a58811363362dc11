import { toJsonCell } from '../../contract/cells.ts';
import { type Columns, columnTypes, isHeader, orderedColumns } from '../../contract/columns.ts';
import { CsvError, type CsvRow, columnNames, csvReader } from '../../contract/csv.ts';
import { toCsvCell } from '../../contract/csv-cell.ts';
import { isObject } from '../../contract/is-object.ts';
import { recordMaker, rowProblem } from '../csv/record-maker.ts';
import { RequestError } from '../errors.ts';
import type { ObjectRecord } from '../objects/types.ts';

/**
 * Reads CSV rows as records. With a header row, a record is an object with its names. Without one, which SageMaker
 * omits, it is an object of the features, or of the inputs if there are several; otherwise an array of the only input's
 * elements.
 * @param header - the request's setting for the first row: `present` or `absent` (default: it is a header if it
 *   contains the signature's names)
 * @throws RequestError 400 that names the row
 */
export function readCsv(body: string, model: Columns, header: string | undefined): unknown[] {
  try {
    return toRecords(readRows(body), model, header);
  } catch (error) {
    throw error instanceof CsvError ? bad(`the body is not CSV: ${error.message}`) : error;
  }
}

function toRecords(rows: CsvRow[], model: Columns, header: string | undefined): unknown[] {
  const [first] = rows;
  if (first === undefined) {
    throw bad('the body is empty; expected rows of CSV');
  }
  const isHeaded = header === 'present' || (header !== 'absent' && isHeader(first.cells, model));
  if (isHeaded && rows.length === 1 && header !== 'present') {
    throw bad(
      'the body has a header and no rows; if it is a row, the content type is "text/csv; header=absent"',
    );
  }
  const names = isHeaded ? columnNames(first) : orderedColumns(model);
  const toRecord = names === undefined ? arrayMaker(first.cells.length, model) : recordMaker(names, model);
  return rows.slice(isHeaded ? 1 : 0).map((row, index) => {
    const read = toRecord(row);
    if (!read.ok) {
      throw bad(`row ${index + 1}: ${read.error.message}`);
    }
    return read.record;
  });
}

/** Turns each row into an array: the elements of the model's only input. */
function arrayMaker(length: number, { signature: { inputs } }: Columns) {
  const datatype = inputs[0]?.datatype;
  return (row: CsvRow): ObjectRecord => {
    const problem = rowProblem(row, length);
    return problem === undefined
      ? { ok: true, record: row.cells.map(cell => toJsonCell(cell, datatype)) }
      : { ok: false, error: bad(problem) };
  };
}

/** Reads rows; the lines of a body may also end with only a carriage return. */
function readRows(body: string): CsvRow[] {
  const reader = csvReader();
  return [...reader.push(body.includes('\n') ? body : body.replaceAll('\r', '\n')), ...reader.end()];
}

/** Converts text cells that another program has read from a file, each by its column's datatype. */
export function readCells(records: readonly unknown[], model: Columns): unknown[] {
  const typeOf = columnTypes(model);
  const read = ([name, value]: [string, unknown]) => [
    name,
    typeof value === 'string' ? toJsonCell(value, typeOf(name)) : value,
  ];
  return records.map(record =>
    isObject(record) ? Object.fromEntries(Object.entries(record).map(read)) : record,
  );
}

/** Writes results as rows: values of objects and arrays become columns, and deeper values JSON. */
export function writeCsv(results: readonly unknown[]): string {
  return results.map(result => `${columns(result).map(toCell).join(',')}\n`).join('');
}

function columns(result: unknown): unknown[] {
  return typeof result === 'object' && result !== null ? Object.values(result).flatMap(columns) : [result];
}

function toCell(value: unknown): string {
  return toCsvCell(String(value ?? ''));
}

function bad(message: string): RequestError {
  return new RequestError(400, 'CSV', message);
}
