import type { Tolerance } from './tolerance.ts';

/** Requests to try a function with, as its callers send them, and what the model answers. */
export interface SampleRecords {
  /** The user's samples, or in their absence the golden vector. */
  origin: 'samples' | 'golden vector';
  /** How far from a result's numbers the function's may be. */
  tolerance: Tolerance;
  samples: SampleRecord[];
  /** The values that a field knows, by its name. Absent where it takes any. */
  choices?: Record<string, Choice[]>;
}

/** A value of a field of categories. */
export type Choice = string | number | boolean;

export interface SampleRecord {
  record: Record<string, unknown>;
  /** As a function without a score returns it. Absent where the samples expect nothing. */
  result?: Record<string, unknown>;
}
