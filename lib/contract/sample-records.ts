import type { Tolerance } from './tolerance.ts';

/** Requests to try a function with, in the form that callers send, with the model's answers. */
export interface SampleRecords {
  /** The user's samples, or the golden vector if there are none. */
  origin: 'samples' | 'golden vector';
  /**
   * How far the numbers of an output may be from a result's, by the output's name: `absolute + relative * |expected|`.
   * Outputs that are not floats have no entry: they must be equal.
   */
  tolerances: Record<string, Tolerance>;
  samples: SampleRecord[];
  /** The values that a field accepts, by its name. Absent if it accepts any. */
  choices?: Record<string, Choice[]>;
}

/** A value of a categorical field. */
export type Choice = string | number | boolean;

export interface SampleRecord {
  record: Record<string, unknown>;
  /** The result of a function without a score. Absent if the samples have no expected values. */
  result?: Record<string, unknown>;
}
