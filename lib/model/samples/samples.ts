import { extname } from 'node:path';
import type { Signature } from '../../contract/manifest.ts';
import { ColdpressError } from '../../errors.ts';
import { readCsv } from './csv.ts';
import { readJsonLines } from './json-lines.ts';
import { readNpz } from './npz.ts';
import { readTable } from './table.ts';
import type { Samples, Table } from './types.ts';

const readers: Record<string, (path: string) => Promise<Table>> = {
  '.csv': readCsv,
  '.jsonl': readJsonLines,
  '.ndjson': readJsonLines,
  '.npz': readNpz,
};

const fix = 'fix the file; docs/samples.md has an example';

/**
 * Reads samples: CSV, JSON Lines or NPZ; docs/samples.md describes the columns.
 * @throws ColdpressError SAMPLES_MISSING, SAMPLES_FORMAT, SAMPLES_COLUMNS, SAMPLES_INVALID
 */
export async function readSamples(path: string, signature: Signature): Promise<Samples> {
  const reader = readers[extname(path).toLowerCase()];
  if (reader === undefined) {
    throw new ColdpressError('SAMPLES_FORMAT', `${path} is of a format that coldpress does not read`, {
      hint: `one of: ${Object.keys(readers).join(', ')}`,
    });
  }
  const table = await reader(path).catch(cause => {
    if (cause.code === 'ENOENT') {
      throw new ColdpressError('SAMPLES_MISSING', `samples file not found: ${path}`, {
        hint: 'the path of "samples" is relative to the config',
        cause,
      });
    }
    throw cause instanceof ColdpressError
      ? cause
      : new ColdpressError('SAMPLES_INVALID', `${path}: ${cause.message}`, { hint: fix, cause });
  });
  if (table.rows === 0) {
    throw new ColdpressError('SAMPLES_INVALID', `${path} has no rows`, { hint: fix });
  }
  return readTable(table, signature);
}
