import type { HttpPlatform } from './types.ts';

/** Adds to what the platform's telemetry tells of the invocation, where it has one. */
export function count(
  { tally }: HttpPlatform,
  { records, failures }: { records: number; failures: number },
): void {
  if (tally !== undefined) {
    tally.records += records;
    tally.failures += failures;
  }
}
