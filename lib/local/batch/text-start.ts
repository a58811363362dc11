import type { FileHandle } from 'node:fs/promises';
import { ColdpressError } from '../../errors.ts';

/** The first bytes of common files that are not text. */
const others: [start: number[], what: string, hint: string][] = [
  [[0x1f, 0x8b], 'compressed, by gzip', 'gunzip it first'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'compressed, by zstd', 'unzstd it first'],
  [[0x50, 0x4b, 3, 4], 'a zip, as a workbook of Excel is', 'save it as CSV in UTF-8'],
  [[0x50, 0x41, 0x52, 0x31], 'Parquet', 'write it as CSV or JSON Lines'],
  [[0xff, 0xfe], 'UTF-16', 'save it in UTF-8: iconv -f UTF-16 -t UTF-8'],
  [[0xfe, 0xff], 'UTF-16', 'save it in UTF-8: iconv -f UTF-16 -t UTF-8'],
];
const byteOrderMark = [0xef, 0xbb, 0xbf];

/** The offset of a file's text, after a byte order mark. @throws ColdpressError BATCH_INPUT if it is not UTF-8 text */
export async function findTextStart(file: FileHandle, path: string): Promise<number> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
  const head = buffer.subarray(0, bytesRead);
  const begins = (start: number[]) => start.every((byte, index) => head[index] === byte);
  const [, what, hint] = others.find(([start]) => begins(start)) ?? [];
  if (what !== undefined) {
    throw new ColdpressError('BATCH_INPUT', `${path} is ${what}`, { hint: hint! });
  }
  if (head.includes(0)) {
    throw new ColdpressError('BATCH_INPUT', `${path} is not a text file: it contains zero bytes`, {
      hint: 'pass CSV or JSON Lines in UTF-8',
    });
  }
  return begins(byteOrderMark) ? byteOrderMark.length : 0;
}
