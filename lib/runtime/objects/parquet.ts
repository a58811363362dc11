import zlib from 'node:zlib';
import { type Compressors, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { RequestError } from '../errors.ts';
import type { StoredObject } from './types.ts';

/** Rows per read, so that a row group of any size is never whole in memory as objects. */
const rowsAtOnce = 4096;

/** Page codecs that Node decompresses; hyparquet itself supports Snappy. LZ4 and LZO are rejected. */
const compressors: Compressors = {
  GZIP: (page, length) => zlib.gunzipSync(page, { maxOutputLength: length }),
  BROTLI: (page, length) => zlib.brotliDecompressSync(page, { maxOutputLength: length }),
  ZSTD: (page, length) => zlib.zstdDecompressSync(page, { maxOutputLength: length }),
};

/**
 * Reads the rows of a Parquet file with hyparquet: 64 KB, no dependencies. Values are those of JSON.
 * @throws RequestError with code PARQUET if the file is not Parquet or cannot be decompressed; the store's errors
 */
export async function* readParquet(object: StoredObject): AsyncGenerator<Record<string, unknown>> {
  let storeError: Error | undefined;
  const file = {
    byteLength: object.sizeBytes,
    slice: async (start: number, end = object.sizeBytes) => {
      const bytes = await object.range(start < 0 ? object.sizeBytes + start : start, end).catch(error => {
        storeError = error;
        throw error;
      });
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    },
  };
  try {
    const metadata = await parquetMetadataAsync(file);
    const count = Number(metadata.num_rows);
    for (let rowStart = 0; rowStart < count; rowStart += rowsAtOnce) {
      const rowEnd = Math.min(count, rowStart + rowsAtOnce);
      const rows = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd });
      yield* rows.map(row => toJson(row) as Record<string, unknown>);
    }
  } catch (error) {
    throw (
      storeError ??
      new RequestError(400, 'PARQUET', `the object cannot be read as Parquet: ${(error as Error).message}`)
    );
  }
}

/**
 * Converts a value as for JSON: NaN to `null`, a 64-bit integer to a number if that is exact, and other integers and
 * infinities to text. Dates and bytes are unchanged.
 */
function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return Number.isNaN(value) ? null : String(value);
  }
  if (Array.isArray(value)) {
    return value.map(toJson);
  }
  const isStruct =
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isStruct
    ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toJson(part)]))
    : value;
}
