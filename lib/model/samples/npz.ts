import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { parse } from 'npyjs';
import { reshape } from 'npyjs/reshape';
import { slices } from './slices.ts';
import type { Table } from './types.ts';

/** Reads numpy.savez files: one array per input or output, by its name; the first dimension counts the samples. */
export async function* readNpz(path: string, rowsAtOnce: number): AsyncGenerator<Table> {
  const files = unzipSync(await readFile(path));
  const columns = new Map<string, unknown[]>();
  for (const [name, bytes] of Object.entries(files)) {
    const { data, shape, fortranOrder } = parse(bytes.slice().buffer);
    columns.set(
      name.replace(/\.npy$/, ''),
      reshape(data as unknown as ArrayLike<unknown>, shape, fortranOrder),
    );
  }
  const counts = new Set([...columns.values()].map(rows => rows.length));
  if (counts.size > 1) {
    throw new Error(`arrays have different numbers of rows: ${[...counts].join(', ')}`);
  }
  yield* slices(columns, { path, rows: [...counts][0] ?? 0, rowsAtOnce });
}
