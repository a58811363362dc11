import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { Signature } from '../../contract/manifest.ts';
import { RequestError, shorten } from '../errors.ts';
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
    throw error instanceof CsvError
      ? new RequestError(400, 'CSV', `not CSV: ${shorten(error.message, 200)}`)
      : error;
  }
}

/** Makes objects of rows that are read already; `isText` for columns that stay text. */
export function recordMaker(columns: { name: string; isText: boolean }[]) {
  // Copies of an object that has all its keys are made in one step, and keep one shape.
  const empty: Record<string, unknown> = Object.fromEntries(columns.map(({ name }) => [name, null]));
  return (fields: string[]): Record<string, unknown> => {
    const record = { ...empty };
    for (let index = 0; index < columns.length; index += 1) {
      const { name, isText } = columns[index]!;
      record[name] = isText ? fields[index] : toValue(fields[index]!);
    }
    return record;
  };
}

function toValue(text: string): unknown {
  if (number.test(text)) {
    const value = Number(text);
    // Digits that a number would round stay text, as tensors of 64-bit integers take them.
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? text : value;
  }
  const trimmed = text.trim();
  if (trimmed === '') {
    return null;
  }
  return trimmed !== text && number.test(trimmed) ? toValue(trimmed) : text;
}
