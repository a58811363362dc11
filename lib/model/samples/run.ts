import { defaultTolerance } from '../../contract/defaults.ts';
import type { Tolerance } from '../../contract/tolerance.ts';
import type { OpenEngine } from '../press/open-engine.ts';
import type { Vector } from '../press/prove.ts';
import type { LearntRows } from '../rows/learn-rows.ts';
import type { Agreement } from './agreement.ts';
import { answerSamples, compareSamples } from './check.ts';
import { type CauseOf, samplesDiffer } from './differ.ts';
import { readSamples } from './samples.ts';

export interface SamplesOptions {
  path: string;
  /** Tolerance for expected outputs; each part has its own default. @default 1e-3 relative, 1e-5 absolute */
  tolerance?: { relative?: number | undefined; absolute?: number | undefined };
}

/** Samples with which the model's answers were compared. */
export interface CheckedSamples {
  path: string;
  rows: number;
  /** Engine names of the outputs for which samples have expected values. */
  expected: string[];
  agreement: Agreement;
}

/**
 * Runs the model on the samples, if there are any, and compares its answers with the expected outputs.
 * @param options.causeOf - finds the cause if they differ
 * @param options.features - names of the only input's columns, if the model file has them
 * @throws ColdpressError SAMPLES_DIFFER, and those of `readSamples`
 */
export async function runSamples(
  engine: OpenEngine,
  options: SamplesOptions | undefined,
  { learnt, causeOf, features }: { learnt: LearntRows; causeOf: CauseOf; features?: readonly string[] },
): Promise<{ vectors: Vector[]; features?: string[]; checked?: CheckedSamples }> {
  if (options === undefined) {
    return { vectors: [] };
  }
  const { path } = options;
  const { relative = defaultTolerance.relative, absolute = defaultTolerance.absolute } =
    options.tolerance ?? {};
  const tolerance: Tolerance = { relative, absolute };
  const samples = await readSamples(path, learnt.signature, features);
  const vectors = await answerSamples(engine, samples, learnt);
  const agreement = compareSamples(samples, vectors, { specs: learnt.signature.outputs, tolerance });
  if (agreement.worst !== undefined) {
    throw samplesDiffer(agreement, agreement.worst, {
      path,
      cause: causeOf(samples, agreement),
    });
  }
  const { rows } = samples;
  const checked = { path, rows, expected: samples.expected.map(({ name }) => name), agreement };
  return { vectors, checked, ...(samples.features && { features: samples.features }) };
}
