import { open } from 'node:fs/promises';
import type { Columns } from '../../contract/columns.ts';
import { CsvError, type CsvRow, csvReader } from '../../contract/csv.ts';
import { recordMaker } from '../csv/record-maker.ts';
import { RequestError } from '../errors.ts';
import { fromLatin1 } from '../objects/latin1.ts';
import { parseRecord } from '../objects/lines.ts';
import type { ObjectRecord } from '../objects/types.ts';
import type { RangeRequest } from './types.ts';

/** A record, or the reason why it is invalid, with its content in the file in either case. */
export interface RangeRecord {
  read: ObjectRecord;
  raw: unknown;
}

/** Reads the records of a range of a file. @throws RequestError with code CSV if no single row is at fault */
export async function readRange(request: RangeRequest, model: Columns): Promise<RangeRecord[]> {
  const text = await readText(request);
  return request.format === 'csv' ? readCsv(text, request, model) : readLines(text);
}

/** Reads as Latin-1; see `lib/runtime/objects/latin1.ts`. */
async function readText({ path, range: { start, end } }: RangeRequest): Promise<string> {
  const file = await open(path);
  try {
    const bytes = Buffer.allocUnsafe(end - start);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    return bytes.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function readLines(text: string): RangeRecord[] {
  return (
    text
      .split('\n')
      // Counted in the same way as in `lib/local/batch/split-file.ts`.
      .filter(line => /[^\0-\x20]/.test(line))
      .map(line => ({ read: parseRecord(line), raw: decoded(line) }))
  );
}

function readCsv(text: string, { header, range }: RangeRequest, model: Columns): RangeRecord[] {
  const toRecord = recordMaker(header!, model, fromLatin1);
  return readRows(text, range.line).map(row => {
    const read = toRecord(row);
    return { read, raw: read.ok ? read.record : row.cells.map(decoded) };
  });
}

function readRows(text: string, firstLine: number): CsvRow[] {
  const reader = csvReader(firstLine);
  try {
    return [...reader.push(text), ...reader.end()];
  } catch (error) {
    throw error instanceof CsvError ? new RequestError(400, 'CSV', `not CSV: ${error.message}`) : error;
  }
}

/** Decodes text for a person who looks for the row: invalid UTF-8 is replaced. */
function decoded(text: string): string {
  return fromLatin1(text) ?? Buffer.from(text, 'latin1').toString();
}
