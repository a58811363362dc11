/** What one invocation did, for its line in the log. */
export interface Tally {
  records: number;
  failures: number;
  /** What brought nothing to score, a deletion for instance. */
  skipped?: number;
}

export function newTally(): Tally {
  return { records: 0, failures: 0 };
}

/** Counts what brought nothing to score. */
export function skip(tally: Tally, count: number): void {
  if (count > 0) {
    tally.skipped = (tally.skipped ?? 0) + count;
  }
}
