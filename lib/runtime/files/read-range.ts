import { open } from 'node:fs/promises';
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import type { Signature } from '../../contract/manifest.ts';
import { RequestError } from '../errors.ts';
import { recordMaker } from '../objects/csv.ts';
import { type ObjectRecord, parseRecord } from '../objects/lines.ts';
import type { RangeRequest } from './types.ts';

/** A record, or why it is none, and what stands in the file in either case. */
export interface RangeRecord {
  read: ObjectRecord;
  raw: unknown;
}

/** The records of a range of a file. @throws RequestError of code CSV, for what no row alone is at fault for */
export async function readRange(request: RangeRequest, signature: Signature): Promise<RangeRecord[]> {
  const bytes = await readBytes(request);
  return request.format === 'csv' ? readCsv(bytes, request, signature) : readLines(bytes.toString());
}

async function readBytes({ path, range: { start, end } }: RangeRequest): Promise<Buffer> {
  const file = await open(path);
  try {
    const bytes = Buffer.allocUnsafe(end - start);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function readLines(text: string): RangeRecord[] {
  return (
    text
      .split('\n')
      // As `lib/local/batch/split-file.ts` counts them.
      .filter(line => /[^\0-\x20]/.test(line))
      .map(line => ({ read: parseRecord(line), raw: line }))
  );
}

function readCsv(bytes: Buffer, { header, range }: RangeRequest, { inputs }: Signature): RangeRecord[] {
  const textual = new Set(inputs.filter(({ datatype }) => datatype === 'BYTES').map(({ name }) => name));
  const columns = header!.map(name => ({ name, isText: textual.has(name) }));
  const toRecord = recordMaker(columns);
  return parseRows(bytes, range.line).map(fields => {
    if (fields.length !== columns.length) {
      const message = `the row has ${fields.length} fields, the header ${columns.length}`;
      return { read: { ok: false, error: new RequestError(400, 'CSV', message) }, raw: fields };
    }
    const record = toRecord(fields);
    return { read: { ok: true, record }, raw: record };
  });
}

function parseRows(bytes: Buffer, firstLine: number): string[][] {
  try {
    return parse(bytes, {
      skip_empty_lines: true,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n'],
    }) as unknown as string[][];
  } catch (error) {
    if (!(error instanceof CsvError)) {
      throw error;
    }
    // Of what is no CSV at all it would quote anything.
    const message = error.message
      .replace(/, value is .*$/s, '')
      .replace(/\bline (\d+)/, (_, line) => `line ${firstLine + Number(line) - 1}`);
    throw new RequestError(400, 'CSV', `not CSV: ${message}`);
  }
}
