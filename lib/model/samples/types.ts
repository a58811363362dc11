import type { ProbeTensor } from '../../runtime/probe/types.ts';

/** Real inputs of a model, and perhaps what the framework that trained it answers to them. */
export interface Samples {
  rows: number;
  /** The first dimension is `rows`. */
  inputs: ProbeTensor[];
  /** Of the outputs that the file has, in the order of the signature. */
  expected: ProbeTensor[];
  /** Names of the columns that make up the model's only input, in order. */
  features?: string[];
}

/** Samples by column: what all formats have in common. A value may be nested: the row of a tensor. */
export interface Table {
  path: string;
  rows: number;
  /** The number of the first row in the file, from 0. */
  firstRow: number;
  columns: Map<string, unknown[]>;
}
