import { closeSync, openSync, readSync } from 'node:fs';
import type { Lookup } from '../../../contract/manifest.ts';
import type { Session } from '../session.ts';
import type { EngineTensor } from '../tensor.ts';
import { isInMemory, type Range } from './in-memory.ts';
import { chunkBytes, readInBackground } from './read-ahead.ts';

const pageBytes = 4096;
/** A disk reads this much in the time of one seek. */
const gapBytes = 2 ** 16;

/**
 * Returns a session that, before its first run, reads the rows that the run looks up in tables on a cold disk. Page
 * faults would read them one by one and, if the system reads ahead, with megabytes of other rows.
 */
export function readingRows(session: Session, path: string, lookups: Lookup[]): Session {
  let first = true;
  return {
    ...session,
    run(inputs, outputNames) {
      if (first) {
        first = false;
        readRows(path, lookups, inputs);
      }
      return session.run(inputs, outputNames);
    },
  };
}

/** Does nothing if the file is unreadable; the code that needs it reports the error. */
function readRows(path: string, lookups: Lookup[], inputs: Map<string, EngineTensor>): void {
  try {
    const fd = openSync(path, 'r');
    const parts = closingOnError(fd, () =>
      lookups
        .filter(({ offset, rows, rowBytes }) => !isInMemory(fd, [offset, rows * rowBytes]))
        .flatMap(lookup => rowsOf(lookup, inputs.get(lookup.input))),
    );
    if (parts.length === 0) {
      closeSync(fd);
      return;
    }
    // Node's threads read from the front and this thread from the back; once they meet, the rest is in memory.
    const scratch = Buffer.allocUnsafeSlow(chunkBytes);
    readInBackground(fd, parts);
    for (const [offset, length] of parts.toReversed()) {
      readSync(fd, scratch, 0, length, offset);
    }
  } catch {}
}

function closingOnError<T>(fd: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function rowsOf({ offset, rows, rowBytes }: Lookup, indices: EngineTensor | undefined): Range[] {
  const pages = new Set<number>();
  for (const index of indices?.data ?? []) {
    const row = Number(index) < 0 ? Number(index) + rows : Number(index);
    // Out-of-range indices are skipped; the model rejects them.
    if (row >= 0 && row < rows) {
      const start = offset + row * rowBytes;
      for (let page = Math.floor(start / pageBytes); page * pageBytes < start + rowBytes; page++) {
        pages.add(page);
      }
    }
  }
  return joinPages([...pages].sort((a, b) => a - b));
}

function joinPages(pages: number[]): Range[] {
  const joined: Range[] = [];
  for (const page of pages) {
    const last = joined.at(-1);
    const start = page * pageBytes;
    const end = start + pageBytes;
    if (last !== undefined && start - (last[0] + last[1]) <= gapBytes && end - last[0] <= chunkBytes) {
      last[1] = end - last[0];
    } else {
      joined.push([start, pageBytes]);
    }
  }
  return joined;
}
