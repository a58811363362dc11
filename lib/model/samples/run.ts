import { defaultTolerance } from '../../contract/defaults.ts';
import type { Tolerance } from '../../contract/tolerance.ts';
import type { OpenEngine } from '../press/open-engine.ts';
import type { Vector } from '../press/prove.ts';
import type { LearntRows } from '../rows/learn-rows.ts';
import { answerSamples, checkExpected } from './check.ts';
import { readSamples } from './samples.ts';

export interface SamplesOptions {
  path: string;
  /** How far from the expected outputs the model's may be. @default 1e-3 relative, 1e-5 absolute */
  tolerance?: Tolerance;
}

/** Samples that the model's answers were compared with. */
export interface CheckedSamples {
  path: string;
  rows: number;
  /** Engine's names of the outputs that they have expected values of. */
  expected: string[];
}

/**
 * Runs the model on the samples, where there are any, and compares with the outputs that they expect.
 * @throws ColdpressError SAMPLES_DIFFER, and what `readSamples` throws
 */
export async function runSamples(
  engine: OpenEngine,
  options: SamplesOptions | undefined,
  learnt: LearntRows,
): Promise<{ vectors: Vector[]; features?: string[]; checked?: CheckedSamples }> {
  if (options === undefined) {
    return { vectors: [] };
  }
  const { path, tolerance = defaultTolerance } = options;
  const samples = await readSamples(path, learnt.signature);
  const vectors = await answerSamples(engine, samples, learnt);
  checkExpected(samples, vectors, { specs: learnt.signature.outputs, path, tolerance });
  const { rows, features } = samples;
  const checked = { path, rows, expected: samples.expected.map(({ name }) => name) };
  return { vectors, checked, ...(features && { features }) };
}
