import type { ProbeTensor } from '../../runtime/probe/types.ts';

/** Real inputs of a model, optionally with the answers of the framework that trained it. */
export interface Samples {
  rows: number;
  /** The first dimension is `rows`. */
  inputs: ProbeTensor[];
  /** Expected values of the outputs that the file contains, in the order of the signature. */
  expected: ProbeTensor[];
  /** Names of the columns that form the model's only input, in order. */
  features?: string[];
}

/** Samples by column, common to all formats. A value may be nested if it is the row of a tensor. */
export interface Table {
  path: string;
  rows: number;
  /** Number of the first row in the file, from 0. */
  firstRow: number;
  columns: Map<string, unknown[]>;
}
