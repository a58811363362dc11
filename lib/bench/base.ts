import { readFile } from 'node:fs/promises';
import { causeOf } from '../cause-of.ts';
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
      throw new Error('not a result of schema version 1');
    }
    return value;
  } catch (cause) {
    throw invalid(path, causeOf(cause), cause);
  }
}

/**
 * Reads a result that contains the samples to compare with.
 * @throws ColdpressError `BENCH_BASE_INVALID`
 */
export async function readSampledBase(path: string): Promise<BenchResult> {
  const base = await readBase(path);
  if (!isSampled(base)) {
    throw invalid(path, 'it has no samples');
  }
  return base;
}

/** Checks the fields that a comparison relies on, because the file may be any JSON. */
function isSampled({ disk, machine, request, variants }: BenchResult): boolean {
  return (
    (disk === 'warm' || disk === 'cold') &&
    typeof machine?.cpu === 'string' &&
    typeof request?.sizeBytes === 'number' &&
    variants.length > 0 &&
    variants.every(
      ({ name, versions, samples }) =>
        typeof name === 'string' &&
        typeof versions?.node === 'string' &&
        samples?.length > 0 &&
        samples.every(isSample),
    )
  );
}

function isSample({ totalMs, phases, warmMs }: BenchResult['variants'][number]['samples'][number]): boolean {
  return typeof totalMs === 'number' && typeof phases === 'object' && Array.isArray(warmMs);
}

function invalid(path: string, reason: string, cause?: unknown): ColdpressError {
  return new ColdpressError('BENCH_BASE_INVALID', `${path} is not a result of coldpress bench: ${reason}`, {
    hint: 'Write one with: npx coldpress bench DIR --json > base.json',
    cause,
  });
}
