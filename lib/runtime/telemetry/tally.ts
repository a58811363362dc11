/** What one invocation did, for its line in the log. */
export interface Tally {
  records: number;
  failures: number;
}

export function newTally(): Tally {
  return { records: 0, failures: 0 };
}
