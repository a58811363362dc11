/** Whole records of a file, as a range of bytes. */
export interface FileRange {
  start: number;
  /** Exclusive. */
  end: number;
  /** The number of the first record, from 0. */
  row: number;
  /** The line of the file where the range begins, from 1. */
  line: number;
}

/** The path of a column's value in a result; see `lib/runtime/objects/results.ts`. */
export type Column = readonly string[];

/** Requests the scores of a range of records from a process that runs the function. */
export interface RangeRequest {
  id: number;
  path: string;
  format: 'csv' | 'jsonl';
  range: FileRange;
  /** Column names of a CSV file. */
  header?: string[] | undefined;
  /** Names of outputs to compute in addition to those of every answer. @default none */
  outputs?: readonly string[] | undefined;
  /** Columns of CSV results. @default those of the first result */
  columns?: Column[] | undefined;
}

export interface RangeScores {
  /** The start of the results file. */
  head: string;
  /** Text for the results file, in its format. */
  results: string;
  /** Lines for the failures file. */
  failures: string;
  /** Lines of counts, if the function has a profile; see `driftLine`. */
  drift: string;
  records: number;
  failed: number;
  /** Columns of the results; absent if there is no result to derive them from. */
  columns?: Column[] | undefined;
}

export type RangeAnswer = { id: number } & (
  | { kind: 'scored'; scores: RangeScores }
  /** The file is invalid. */
  | { kind: 'unreadable'; message: string }
  /** The function failed. */
  | { kind: 'failed'; message: string }
);
