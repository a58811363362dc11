import { engineNameOf, type Signature } from '../../contract/manifest.ts';
import { takesBatches } from '../../contract/signature.ts';
import type { Tolerance } from '../../contract/tolerance.ts';
import type { EngineLimits } from '../press/engine-process.ts';
import type { Openable, Vector } from '../press/prove.ts';
import { answerSamples, checkExpected } from './check.ts';
import { readSamples } from './samples.ts';

export interface SamplesOptions {
  path: string;
  /** How far from the expected outputs the model's may lie. @default 1e-3 relative, 1e-5 absolute */
  tolerance?: Tolerance;
}

/**
 * Runs the model on the samples, where there are any, and compares with the outputs that they expect.
 * @throws ColdpressError SAMPLES_DIFFER, and what `readSamples` throws
 */
export async function runSamples(
  options: SamplesOptions | undefined,
  {
    reference,
    signature,
    tolerance,
    limits,
  }: { reference: Openable; signature: Signature; tolerance: Tolerance; limits: EngineLimits },
): Promise<{ vectors: Vector[]; features?: string[] }> {
  if (options === undefined) {
    return { vectors: [] };
  }
  const { path } = options;
  const samples = await readSamples(path, signature);
  const outputs = signature.outputs.map(engineNameOf);
  const batched = takesBatches(signature);
  const vectors = await answerSamples(reference, samples, { outputs, batched, limits });
  checkExpected(samples, vectors, { path, tolerance: options.tolerance ?? tolerance });
  return samples.features === undefined ? { vectors } : { vectors, features: samples.features };
}
