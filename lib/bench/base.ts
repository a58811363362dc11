import { readFile } from 'node:fs/promises';
import { ColdpressError } from '../errors.ts';
import type { BenchResult } from './result.ts';

/**
 * Reads what `coldpress bench --json` printed.
 * @throws ColdpressError `BENCH_BASE_INVALID`
 */
export async function readBase(path: string): Promise<BenchResult> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8'));
    if (value?.schemaVersion !== 1 || !Array.isArray(value.variants)) {
      throw new Error(`it is no result of schema version 1`);
    }
    return value;
  } catch (cause) {
    throw new ColdpressError(
      'BENCH_BASE_INVALID',
      `${path} cannot be compared with: ${(cause as Error).message}`,
      {
        hint: 'Write one with: coldpress bench DIR --json > base.json',
        cause,
      },
    );
  }
}
