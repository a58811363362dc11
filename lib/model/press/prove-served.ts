import { defaultTolerance } from '../../contract/defaults.ts';
import { engineNameOf } from '../../contract/manifest.ts';
import { defaultOutputs } from '../../contract/signature.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { confirmRows, type LearntRows } from '../rows/learn-rows.ts';
import type { RunModel } from '../rows/prove-rows.ts';
import { proveSizes } from '../rows/prove-sizes.ts';
import type { Answered } from './answer-model.ts';
import type { EngineLimits } from './engine-process.ts';
import { openEngine } from './open-engine.ts';
import type { Openable } from './openable.ts';
import type { Vector } from './prove.ts';
import { elementCount } from './tensors.ts';

/**
 * Runs the pressed model as the function opens it, possibly with other kernels than before it was optimised. It
 * confirms the facts learnt about its rows, and finds the sizes that do not crash it.
 */
export async function proveServed(
  served: Openable,
  { learnt, vectors }: Pick<Answered, 'learnt' | 'vectors'>,
  limits: EngineLimits,
): Promise<LearntRows> {
  const engine = openEngine(served, limits);
  const { signature } = learnt;
  // Outputs on request can take a thousand times as long, as contributions of many trees do.
  const outputs = defaultOutputs(signature.outputs);
  const names = outputs.map(engineNameOf);
  const run: RunModel = inputs => engine.run(inputs, names);
  try {
    const asked = { ...learnt, signature: { ...signature, outputs } };
    const { rows } = await confirmRows(run, asked, { vectors, tolerance: defaultTolerance });
    const smallest = smallestInputs(vectors);
    const inputs =
      smallest === undefined ? signature.inputs : await proveSizes(run, signature.inputs, smallest);
    return { rows, signature: { ...signature, inputs } };
  } finally {
    engine.close();
  }
}

/** Returns the inputs with the fewest elements among those that the model has answered. */
export function smallestInputs(vectors: readonly Vector[]): ProbeTensor[] | undefined {
  const [smallest] = vectors.map(({ inputs }) => inputs).toSorted((a, b) => sizeOf(a) - sizeOf(b));
  return smallest;
}

function sizeOf(inputs: { dims: number[] }[]): number {
  return inputs.reduce((sum, { dims }) => sum + elementCount(dims), 0);
}
