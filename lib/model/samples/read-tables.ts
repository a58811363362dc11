import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { ColdpressError } from '../../errors.ts';
import { missingHint } from '../../missing-file.ts';
import { readCsv } from './csv.ts';
import { readJsonLines } from './json-lines.ts';
import { readNpz } from './npz.ts';
import { readParquet } from './parquet.ts';
import type { Table } from './types.ts';

const readers: Record<string, (path: string, rowsAtOnce: number) => AsyncGenerator<Table>> = {
  '.csv': readCsv,
  '.jsonl': readJsonLines,
  '.ndjson': readJsonLines,
  '.npz': readNpz,
  '.parquet': readParquet,
};

/** File extensions that are supported. */
export const tableEndings = Object.keys(readers);

const fix = 'fix the file; docs/samples.md has an example';

/**
 * Reads a file of rows in parts. Formats that cannot be read in parts, such as NPZ, are read whole.
 * @throws ColdpressError SAMPLES_MISSING, SAMPLES_FORMAT, SAMPLES_INVALID, CLIENT_MISSING
 */
export async function* readTables(path: string, rowsAtOnce: number): AsyncGenerator<Table> {
  const reader = readers[extname(path).toLowerCase()];
  if (reader === undefined) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) {
      throw missing(path);
    }
    const problem = found.isDirectory() ? 'is a folder' : 'has a format that coldpress cannot read';
    throw new ColdpressError('SAMPLES_FORMAT', `${path} ${problem}`, {
      hint: `pass a file that ends with one of: ${tableEndings.join(', ')}`,
    });
  }
  let hasRows = false;
  try {
    for await (const table of reader(path, rowsAtOnce)) {
      hasRows ||= table.rows > 0;
      yield table;
    }
  } catch (cause) {
    throw explain(cause as Error & { code?: string }, path);
  }
  if (!hasRows) {
    throw new ColdpressError('SAMPLES_INVALID', `${path} has no rows`, { hint: fix });
  }
}

function explain(cause: Error & { code?: string }, path: string): Error {
  if (cause instanceof ColdpressError) {
    return cause;
  }
  return cause.code === 'ENOENT'
    ? missing(path, cause)
    : new ColdpressError('SAMPLES_INVALID', `${path}: ${cause.message}`, { hint: fix, cause });
}

function missing(path: string, cause?: Error): ColdpressError {
  return new ColdpressError('SAMPLES_MISSING', `file not found: ${path}`, {
    hint: missingHint(path, 'check the path; one in a config is relative to the config'),
    cause,
  });
}
