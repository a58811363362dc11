import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { StoredObject } from './types.ts';

/** Rows of one read, so that a row group of any size is never whole in memory as objects. */
const rowsAtOnce = 4096;

/**
 * The rows of a Parquet file, by hyparquet: 64 KB, no dependency. Uncompressed and Snappy pages, which are what
 * writers choose by default.
 */
export async function* readParquet(object: StoredObject): AsyncGenerator<Record<string, unknown>> {
  const file = {
    byteLength: object.sizeBytes,
    slice: async (start: number, end = object.sizeBytes) => {
      const bytes = await object.range(start < 0 ? object.sizeBytes + start : start, end);
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    },
  };
  const metadata = await parquetMetadataAsync(file);
  const count = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < count; rowStart += rowsAtOnce) {
    const rows = await parquetReadObjects({
      file,
      metadata,
      rowStart,
      rowEnd: Math.min(count, rowStart + rowsAtOnce),
    });
    yield* rows.map(toPlain);
  }
}

/** Whole numbers of 64 bits come as BigInt, which no tensor of floats takes; those that a number can hold become one. */
function toPlain(row: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === 'bigint') {
      row[name] = Number.isSafeInteger(Number(value)) ? Number(value) : value;
    }
  }
  return row;
}
