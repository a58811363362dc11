import { RequestError } from '../../errors.ts';
import { openWalk } from './record-walk.ts';
import type { Header, LineFormat, ReadRange } from './types.ts';

/** Bytes that are read first to find a record; for longer records, more are read. */
const windowBytes = 1024 * 1024;
/** Bytes of CSV that are read before the position, so that a position inside an unusual cell does not matter. */
const lookBackBytes = 64 * 1024;
/** A longer record usually contains a quote that is never closed. */
const recordBytesAtMost = 64 * 1024 * 1024;

/**
 * Returns the position of the first record that begins at or after `position`, or the size if there is none. In CSV,
 * only a reader from the beginning can know whether a line feed is inside a quoted cell, so this compares both cases and
 * takes the one with more valid rows around the position. `readPart` then proves it.
 * @throws RequestError RECORD_SIZE
 */
export async function findRecordStart(
  read: ReadRange,
  {
    position,
    sizeBytes,
    format,
    header,
  }: { position: number; sizeBytes: number; format: LineFormat; header: Header | undefined },
): Promise<number> {
  if (position === 0 || position >= sizeBytes) {
    return Math.min(position, sizeBytes);
  }
  // A line feed before the position means that a record begins there.
  const from = Math.max(0, position - (format === 'csv' ? lookBackBytes : 1));
  for (let bytes = windowBytes; bytes <= recordBytesAtMost; bytes *= 8) {
    const end = Math.min(from + bytes, sizeBytes);
    const starts = from > 0 && format === 'csv' ? [false, true] : [false];
    const window = await read(from, end);
    const [found] = starts
      .flatMap(isQuoted => tryStart(window, { format, header, isQuoted, atLeast: position - from }))
      .sort((a, b) => b.valid - a.valid);
    if (found !== undefined) {
      return from + found.start;
    }
    if (end === sizeBytes) {
      return sizeBytes;
    }
  }
  throw longRecord(from);
}

/** Reads the header of CSV, with any empty lines before it. @throws RequestError RECORD_SIZE */
export async function readHeader(read: ReadRange, sizeBytes: number): Promise<Header> {
  for (let size = windowBytes; size <= recordBytesAtMost; size *= 8) {
    const end = Math.min(size, sizeBytes);
    const bytes = await read(0, end);
    const walk = openWalk('csv');
    let next = walk.next(bytes, 0);
    while (next !== -1 && walk.last().isBlank) {
      next = walk.next(bytes, next);
    }
    if (next !== -1) {
      return { bytes: bytes.subarray(0, next), cells: walk.last().cells };
    }
    if (end === sizeBytes) {
      return { bytes, cells: 0 };
    }
  }
  throw longRecord(0);
}

interface Attempt {
  format: LineFormat;
  header: Header | undefined;
  isQuoted: boolean;
  /** Records before this position are only counted. */
  atLeast: number;
}

/** The first record of a window, if there is one, and its valid records less the others. */
function tryStart(window: Uint8Array, { format, header, isQuoted, atLeast }: Attempt) {
  const walk = openWalk(format, isQuoted);
  let start: number | undefined;
  let valid = 0;
  let isFirst = true;
  for (let next = walk.next(window, 0); next !== -1; next = walk.next(window, next)) {
    const { cells, isFaulty, isBlank } = walk.last();
    // The window begins inside a record, of which only the end is seen.
    const isValid = (isFirst || cells === header?.cells) && !isFaulty;
    valid += isBlank ? 0 : isValid ? 1 : -1;
    isFirst = false;
    start ??= next >= atLeast ? next : undefined;
    if (header === undefined && start !== undefined) {
      break;
    }
  }
  return start === undefined ? [] : [{ start, valid }];
}

function longRecord(position: number): RequestError {
  return new RequestError(
    422,
    'RECORD_SIZE',
    `a record near byte ${position} has more than ${recordBytesAtMost} bytes`,
  );
}
