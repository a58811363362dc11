import { defaultTolerance } from '../../contract/defaults.ts';
import type { Tolerance } from '../../contract/tolerance.ts';
import type { OpenEngine } from '../press/open-engine.ts';
import type { Vector } from '../press/prove.ts';
import type { Model } from '../read.ts';
import type { LearntRows } from '../rows/learn-rows.ts';
import type { Agreement } from './agreement.ts';
import { answerSamples, compareSamples } from './check.ts';
import { samplesDiffer } from './differ.ts';
import { nearThreshold } from './near-threshold.ts';
import { readSamples } from './samples.ts';

export interface SamplesOptions {
  path: string;
  /** How far from the expected outputs the model's may be; either part alone leaves the other at its default. @default 1e-3 relative, 1e-5 absolute */
  tolerance?: { relative?: number | undefined; absolute?: number | undefined };
}

/** Samples that the model's answers were compared with. */
export interface CheckedSamples {
  path: string;
  rows: number;
  /** Engine's names of the outputs that they have expected values of. */
  expected: string[];
  agreement: Agreement;
}

/**
 * Runs the model on the samples, where there are any, and compares with the outputs that they expect.
 * @param model - looked at for the cause where they differ
 * @throws ColdpressError SAMPLES_DIFFER, and what `readSamples` throws
 */
export async function runSamples(
  engine: OpenEngine,
  options: SamplesOptions | undefined,
  learnt: LearntRows,
  model?: Model,
): Promise<{ vectors: Vector[]; features?: string[]; checked?: CheckedSamples }> {
  if (options === undefined) {
    return { vectors: [] };
  }
  const { path } = options;
  const { relative = defaultTolerance.relative, absolute = defaultTolerance.absolute } =
    options.tolerance ?? {};
  const tolerance: Tolerance = { relative, absolute };
  const samples = await readSamples(path, learnt.signature);
  const vectors = await answerSamples(engine, samples, learnt);
  const agreement = compareSamples(samples, vectors, { specs: learnt.signature.outputs, tolerance });
  if (agreement.worst !== undefined) {
    throw samplesDiffer(agreement, agreement.worst, {
      path,
      near: model && nearThreshold(model, samples, agreement.worst.row),
    });
  }
  const { rows, features } = samples;
  const checked = { path, rows, expected: samples.expected.map(({ name }) => name), agreement };
  return { vectors, checked, ...(features && { features }) };
}
