import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { Signature } from '../../manifest.ts';
import { RequestError } from '../errors.ts';
import type { ObjectRecord } from './lines.ts';

/** A number as JSON writes one. `007` is none: it is a name made of digits. */
const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * The rows of CSV with a header, an object each: numbers as numbers, empty cells as null, all else as text. Columns
 * of the name of a text input stay text.
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  { inputs }: Signature,
): AsyncGenerator<ObjectRecord> {
  const textual = new Set(inputs.filter(({ datatype }) => datatype === 'BYTES').map(({ name }) => name));
  const rows = Readable.from(bytes).pipe(
    parse({
      bom: true,
      columns: true,
      skip_empty_lines: true,
      cast: (text, { column, header }) => (header || textual.has(String(column)) ? text : toValue(text)),
    }),
  );
  try {
    for await (const record of rows) {
      yield { ok: true, record };
    }
  } catch (error) {
    throw error instanceof CsvError ? new RequestError(400, 'CSV', `not CSV: ${error.message}`) : error;
  }
}

function toValue(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') {
    return null;
  }
  const value = Number(trimmed);
  // Digits that a number would round stay text, as tensors of 64-bit integers take them.
  return number.test(trimmed) && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? value : text;
}
