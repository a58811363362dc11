import type { HttpPlatform } from './types.ts';

/** Adds to the invocation's counts in the platform's telemetry, if it has any. */
export function count(
  { tally }: HttpPlatform,
  { records, failures }: { records: number; failures: number },
): void {
  if (tally !== undefined) {
    tally.records += records;
    tally.failures += failures;
  }
}
