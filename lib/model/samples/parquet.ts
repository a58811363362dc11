import zlib from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { clientMissing } from '../../client-missing.ts';
import { slices } from './slices.ts';
import type { Table } from './types.ts';

/** Page codecs that Node can decompress; hyparquet itself supports Snappy. */
const compressors: Compressors = {
  GZIP: (page, length) => zlib.gunzipSync(page, { maxOutputLength: length }),
  BROTLI: (page, length) => zlib.brotliDecompressSync(page, { maxOutputLength: length }),
  ZSTD: (page, length) => zlib.zstdDecompressSync(page, { maxOutputLength: length }),
};

/** Reads row group by row group, column by column. */
export async function* readParquet(path: string, rowsAtOnce: number): AsyncGenerator<Table> {
  const { asyncBufferFromFile, parquetScan, parquetSchema } = await import('hyparquet').catch(
    clientMissing('hyparquet'),
  );
  const scan = await parquetScan({ file: await asyncBufferFromFile(path), compressors });
  const names = parquetSchema(scan.metadata).children.map(({ element }) => element.name);
  let firstRow = 0;
  for (const { rowStart, rowEnd } of scan.ranges) {
    const columns = new Map<string, unknown[]>();
    for (const column of names) {
      const values = await scan.readColumn({ column, rowStart, rowEnd });
      columns.set(column, Array.from(values as ArrayLike<unknown>, toNumber));
    }
    const rows = rowEnd - rowStart;
    yield* slices(columns, { path, rows, rowsAtOnce, firstRow });
    firstRow += rows;
  }
}

/** Converts a 64-bit integer to a number if that is exact. */
function toNumber(value: unknown): unknown {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
