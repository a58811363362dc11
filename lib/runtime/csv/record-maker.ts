import { toJsonCell } from '../../contract/cells.ts';
import { type Columns, columnTypes } from '../../contract/columns.ts';
import type { CsvRow } from '../../contract/csv.ts';
import { RequestError } from '../errors.ts';
import type { ObjectRecord } from '../objects/types.ts';
import { counted } from '../tensor/show.ts';

/** Returns the text of a cell, or `undefined` if it cannot be decoded. */
type Decode = (cell: string) => string | undefined;

/** Turns each row into a record: an object with the columns as keys, each cell read by its column's datatype. */
export function recordMaker(names: readonly string[], model: Columns, decode: Decode = cell => cell) {
  const typeOf = columnTypes(model);
  const columns = names.map(name => ({ name, datatype: typeOf(name) }));
  // Copying an object that already has all keys takes one step and keeps a single hidden class.
  const empty: Record<string, unknown> = Object.fromEntries(names.map(name => [name, null]));
  return (row: CsvRow): ObjectRecord => {
    const problem = rowProblem(row, columns.length);
    if (problem !== undefined) {
      return bad(problem);
    }
    const record = { ...empty };
    for (let index = 0; index < columns.length; index += 1) {
      const { name, datatype } = columns[index]!;
      const value = toJsonCell(row.cells[index]!, datatype);
      // A value other than text is ASCII and needs no decoding.
      const text = typeof value === 'string' ? decode(row.cells[index]!) : '';
      if (text === undefined) {
        return bad(`the column ${JSON.stringify(name)} is not UTF-8`);
      }
      record[name] = typeof value === 'string' ? toJsonCell(text, datatype) : value;
    }
    return { ok: true, record };
  };
}

/** Returns why a row does not have this many valid columns, or `undefined` if it does. */
export function rowProblem({ cells, fault }: CsvRow, columns: number): string | undefined {
  return (
    fault ??
    (cells.length === columns
      ? undefined
      : `the row has ${counted(cells.length, 'column')}; expected ${columns}`)
  );
}

function bad(message: string): ObjectRecord {
  return { ok: false, error: new RequestError(400, 'CSV', message, message) };
}
