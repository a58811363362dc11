import type { FileHandle } from 'node:fs/promises';
import {
  type CsvState,
  carriageReturn,
  cellStart,
  lineFeed,
  nextCsvState,
  quoted,
} from '../../contract/csv-quotes.ts';
import { ColdpressError } from '../../errors.ts';
import type { FileRange } from '../../runtime/files/types.ts';

/** Bytes of a range: enough to keep a process busy, and few enough to have many ranges in memory. */
const rangeBytes = 64 * 1024;
const readBytes = 1024 * 1024;
/** A longer record usually contains a quote that is never closed. */
const recordBytesAtMost = 64 * 1024 * 1024;

/** The start of a range. */
export type Place = Omit<FileRange, 'end'>;

/**
 * Divides a file into ranges of whole records without parsing them: each line is a record, except for line ends inside
 * quotes in CSV and empty lines. There is always at least one range, which may be empty.
 * @param from - start of the first range
 * @param rangeAtLeast - minimum bytes of a range (default: 64 KiB)
 * @returns each range, and the start of the next one
 * @throws ColdpressError BATCH_RECORD_SIZE
 */
export async function* splitFile(
  file: FileHandle,
  { path, format, from }: { path: string; format: 'csv' | 'jsonl'; from: Place },
  rangeAtLeast = rangeBytes,
): AsyncGenerator<{ range: FileRange; next: Place }> {
  const buffer = Buffer.allocUnsafe(readBytes);
  let place = from;
  let { start: position, start: recordStart, row, line } = from;
  const isCsv = format === 'csv';
  let state: CsvState = cellStart;
  let isBlank = true;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, readBytes, position);
    if (bytesRead === 0) {
      break;
    }
    for (let index = 0; index < bytesRead; index += 1) {
      const byte = buffer[index]!;
      if (isCsv) {
        state = nextCsvState(state, byte);
      }
      if (byte === lineFeed) {
        line += 1;
        if (state === quoted) {
          continue;
        }
        row += isBlank ? 0 : 1;
        isBlank = true;
        recordStart = position + index + 1;
        if (recordStart - place.start >= rangeAtLeast) {
          const next = { start: recordStart, row, line };
          yield { range: { ...place, end: recordStart }, next };
          place = next;
        }
      } else if (isBlank) {
        isBlank = byte === carriageReturn || (!isCsv && byte <= 0x20);
      }
    }
    position += bytesRead;
    if (position - recordStart > recordBytesAtMost) {
      throw new ColdpressError(
        'BATCH_RECORD_SIZE',
        `${path} has a record of more than ${recordBytesAtMost} bytes, at byte ${recordStart}`,
        { hint: isCsv ? 'a quote that is not closed?' : 'one record a line' },
      );
    }
  }
  if (position > place.start || position === from.start) {
    const next = { start: position, row: row + (isBlank ? 0 : 1), line };
    yield { range: { ...place, end: position }, next };
  }
}
