import {
  type CsvState,
  carriageReturn,
  cellStart,
  closing,
  comma,
  lineFeed,
  nextCsvState,
  quoted,
  unquoted,
} from '../../../contract/csv-quotes.ts';
import type { LineFormat } from './types.ts';

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
  let state: CsvState = isQuoted ? quoted : cellStart;
  let record = newRecord();
  let last = record;
  return {
    next(bytes, from) {
      for (let index = from; index < bytes.length; index += 1) {
        const byte = bytes[index]!;
        const before = state;
        state = isCsv ? nextCsvState(state, byte) : unquoted;
        if (byte === lineFeed && state !== quoted) {
          last = record;
          record = newRecord();
          return index + 1;
        }
        record.isBlank &&= byte === carriageReturn;
        record.isFaulty ||= before === closing && state === unquoted && byte !== carriageReturn;
        record.cells += byte === comma && state === cellStart ? 1 : 0;
      }
      return -1;
    },
    last: () => last,
  };
}
