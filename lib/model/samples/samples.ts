import type { Signature } from '../../contract/manifest.ts';
import { readTables } from './read-tables.ts';
import { readTable } from './table.ts';
import type { Samples, Table } from './types.ts';

/**
 * Reads samples from CSV, JSON Lines, NPZ or Parquet; docs/samples.md describes the columns.
 * @param features - see `readTable`
 * @throws ColdpressError SAMPLES_MISSING, SAMPLES_FORMAT, SAMPLES_COLUMNS, SAMPLES_INVALID
 */
export async function readSamples(
  path: string,
  signature: Signature,
  features?: readonly string[],
): Promise<Samples> {
  return readTable(await readSampleTable(path), signature, features);
}

/**
 * Reads the columns of samples without checking them against a model.
 * @param rowsAtMost - number of rows to read from the beginning of the file (default: all)
 * @throws ColdpressError SAMPLES_MISSING, SAMPLES_FORMAT, SAMPLES_INVALID, CLIENT_MISSING
 */
export async function readSampleTable(
  path: string,
  rowsAtMost: number = Number.POSITIVE_INFINITY,
): Promise<Table> {
  const tables: Table[] = [];
  for await (const table of readTables(path, rowsAtMost)) {
    tables.push(table);
    if (rowsAtMost !== Number.POSITIVE_INFINITY) {
      break;
    }
  }
  return join(tables);
}

/** Joins the parts, because a Parquet file always comes in parts. */
function join(tables: readonly Table[]): Table {
  const [first, ...others] = tables;
  if (others.length === 0) {
    return first!;
  }
  const names = [...first!.columns.keys()];
  const columns = names.map((name): [string, unknown[]] => [
    name,
    tables.flatMap(table => table.columns.get(name)!),
  ]);
  return { ...first!, rows: tables.reduce((sum, { rows }) => sum + rows, 0), columns: new Map(columns) };
}
