import type { Tolerance } from '../../contract/tolerance.ts';
import { ColdpressError } from '../../errors.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { compareOutputs, type Difference, describeDifference } from '../press/compare.ts';
import { type EngineLimits, expectAnswer, startEngine } from '../press/engine-process.ts';
import type { Openable, Vector } from '../press/prove.ts';
import { elementCount } from '../press/tensors.ts';
import type { Samples } from './types.ts';

/** Rows in one run, where the model takes batches. */
const batchRows = 1000;

/** Runs the model on samples: the first alone, then the rest in batches, or one by one where its batch size is fixed. */
export async function answerSamples(
  reference: Openable,
  samples: Samples,
  { outputs, batched, limits }: { outputs: string[]; batched: boolean; limits: EngineLimits },
): Promise<Vector[]> {
  const engine = startEngine(limits, reference.env);
  try {
    const { path, options } = reference;
    expectAnswer(await engine.request({ op: 'open', path, options }), 'open the model');
    const vectors: Vector[] = [];
    for (let row = 0; row < samples.rows; ) {
      const count = batched && row > 0 ? Math.min(batchRows, samples.rows - row) : 1;
      const inputs = samples.inputs.map(tensor => sliceRows(tensor, row, count));
      const result = await engine.request({ op: 'run', inputs, outputs });
      vectors.push({ inputs, outputs: expectAnswer(result, `run the samples from row ${row + 1}`).tensors });
      row += count;
    }
    return vectors;
  } finally {
    engine.close();
  }
}

/**
 * Compares the model's answers with those that the samples expect of it.
 * @throws ColdpressError SAMPLES_DIFFER, naming the worst row and output
 */
export function checkExpected(
  samples: Samples,
  vectors: readonly Vector[],
  { path, tolerance }: { path: string; tolerance: Tolerance },
): void {
  let worst: (Difference & { row: number }) | undefined;
  let start = 0;
  for (const { inputs, outputs } of vectors) {
    const count = inputs[0]?.dims[0] ?? 1;
    const from = start;
    const expected = samples.expected.map(tensor => sliceRows(tensor, from, count));
    const actual = expected.map(({ name, dims }) =>
      reshaped(
        outputs.find(output => output.name === name),
        dims,
      ),
    );
    const difference = compareOutputs(expected, actual, tolerance);
    if (difference !== undefined && difference.excess > (worst?.excess ?? 0)) {
      const tensor = expected.find(({ name }) => name === difference.output)!;
      const rowSize = Math.max(1, elementCount(tensor.dims.slice(1)));
      worst = { ...difference, row: start + Math.floor((difference.element ?? 0) / rowSize) };
    }
    start += count;
  }
  if (worst !== undefined) {
    const { row, element, ...difference } = worst;
    throw new ColdpressError('SAMPLES_DIFFER', `${path}, row ${row + 1}: ${describeDifference(difference)}`, {
      hint: 'the export differs from the framework that made the samples (a tree threshold rounded up to float32 is the classic): export again, or widen "samples.tolerance"',
    });
  }
}

function sliceRows(tensor: ProbeTensor, row: number, count: number): ProbeTensor {
  const [, ...inner] = tensor.dims;
  const size = elementCount(inner);
  return { ...tensor, dims: [count, ...inner], data: tensor.data.slice(row * size, (row + count) * size) };
}

/** A column of one, which some exporters leave out and others do not, is no difference. */
function reshaped(tensor: ProbeTensor | undefined, dims: number[]): ProbeTensor | undefined {
  return tensor !== undefined && elementCount(tensor.dims) === elementCount(dims)
    ? { ...tensor, dims }
    : tensor;
}
