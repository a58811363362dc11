import { writeSync } from 'node:fs';

const stdout = 1;

/**
 * Writes to standard output, bypassing `process.stdout`, whose creation adds 2 to 3 ms to the first answer, and
 * `console.log`, to which Lambda adds a prefix that hides the metrics.
 */
export function writeLine(line: string): void {
  const bytes = Buffer.from(line);
  let written = 0;
  try {
    while (written < bytes.length) {
      written += writeSync(stdout, bytes, written);
    }
  } catch {
    // The pipe is full and another process made it non-blocking; the stream waits for it.
    process.stdout.write(bytes.subarray(written));
  }
}
