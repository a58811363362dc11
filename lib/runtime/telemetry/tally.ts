/** The counts of one invocation for its log line. */
export interface Tally {
  records: number;
  failures: number;
  /** Events without anything to score, such as a deletion. */
  skipped?: number;
}

export function newTally(): Tally {
  return { records: 0, failures: 0 };
}

/** Counts events without anything to score. */
export function skip(tally: Tally, count: number): void {
  if (count > 0) {
    tally.skipped = (tally.skipped ?? 0) + count;
  }
}
