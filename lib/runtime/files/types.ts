/** Whole records of a file, by their bytes. */
export interface FileRange {
  start: number;
  /** Without it. */
  end: number;
  /** The number of the first record, from 0. */
  row: number;
  /** Of the file, from 1, where the range begins. */
  line: number;
}

/** Where a result has the value of a column; see `lib/runtime/objects/results.ts`. */
export type Column = readonly string[];

/** What a process that holds the function is asked: to score the records of a range. */
export interface RangeRequest {
  id: number;
  path: string;
  format: 'csv' | 'jsonl';
  range: FileRange;
  /** Names of a CSV file's columns. */
  header?: string[] | undefined;
  /** Names of outputs to compute besides those that every answer has. Default: none. */
  outputs?: readonly string[] | undefined;
  /** Columns of results in CSV. Default: those of the first result. */
  columns?: Column[] | undefined;
}

export interface RangeScores {
  /** What the results' file begins with. */
  head: string;
  /** Text of the results' file, in its format. */
  results: string;
  /** Lines of the failures' file. */
  failures: string;
  /** Lines of counts, where the function has a profile; see `driftLine`. */
  drift: string;
  records: number;
  failed: number;
  /** Of the results; absent where there is no result to tell them. */
  columns?: Column[] | undefined;
}

export type RangeAnswer = { id: number } & (
  | { kind: 'scored'; scores: RangeScores }
  /** The file is at fault. */
  | { kind: 'unreadable'; message: string }
  /** The function is. */
  | { kind: 'failed'; message: string }
);
