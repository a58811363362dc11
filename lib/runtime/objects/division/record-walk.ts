import type { LineFormat } from './types.ts';

const [quote, newline, carriageReturn, comma] = [0x22, 0x0a, 0x0d, 0x2c];

/** Walks through bytes from record to record, without reading the cells. */
export interface RecordWalk {
  /** Returns the position after the next line feed that ends a record, or -1 if the bytes end before it. */
  next(bytes: Uint8Array, from: number): number;
  /** The record that ended last. */
  last(): WalkedRecord;
}

export interface WalkedRecord {
  cells: number;
  /** Whether text follows a closing quote. */
  isFaulty: boolean;
  isBlank: boolean;
}

const newRecord = (): WalkedRecord => ({ cells: 1, isFaulty: false, isBlank: true });

/**
 * Opens a walk in the dialect of `lib/contract/csv.ts`, in which a quoted cell may contain line feeds. Lines of JSON have
 * no such quotes.
 * @param isQuoted - whether the first byte is inside a quoted cell
 */
export function openWalk(format: LineFormat, isQuoted = false): RecordWalk {
  const isCsv = format === 'csv';
  // A quote is special at the start of a cell, and after a quote that closed the cell: the two are then an escaped
  // quote.
  let mayQuote = isCsv;
  let wasClosed = false;
  let record = newRecord();
  let last = record;
  return {
    next(bytes, from) {
      for (let index = from; index < bytes.length; index += 1) {
        const byte = bytes[index]!;
        if (byte === newline && !isQuoted) {
          mayQuote = isCsv;
          wasClosed = false;
          last = record;
          record = newRecord();
          return index + 1;
        }
        record.isBlank &&= byte === carriageReturn;
        if (byte === quote && mayQuote) {
          isQuoted = !isQuoted;
          wasClosed = !isQuoted;
        } else if (!isQuoted) {
          record.isFaulty ||= wasClosed && byte !== comma && byte !== carriageReturn;
          wasClosed = false;
          mayQuote = isCsv && byte === comma;
          record.cells += byte === comma ? 1 : 0;
        }
      }
      return -1;
    },
    last: () => last,
  };
}
