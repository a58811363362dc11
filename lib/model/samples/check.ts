import { engineNameOf, type InputSpec, type TensorSpec } from '../../contract/manifest.ts';
import type { Tolerance } from '../../contract/tolerance.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { expectAnswer } from '../press/engine-process.ts';
import type { OpenEngine } from '../press/open-engine.ts';
import type { Vector } from '../press/prove.ts';
import { elementCount } from '../press/tensors.ts';
import type { LearntRows } from '../rows/learn-rows.ts';
import { moveRows, slice } from '../rows/record-inputs.ts';
import { type Agreement, agreementOf } from './agreement.ts';
import type { Samples } from './types.ts';

/** The model's answers to some of the samples. */
interface AnsweredSamples extends Vector {
  rows: number;
}

/** Rows per run, if the model accepts batches. */
const batchRows = 1000;

/** Runs the model on samples: the first alone, then the rest in batches if records may share a run, or one by one. */
export async function answerSamples(
  engine: OpenEngine,
  samples: Samples,
  { signature: { inputs: specs, outputs }, rows }: LearntRows,
): Promise<AnsweredSamples[]> {
  const names = outputs.map(engineNameOf);
  const vectors: AnsweredSamples[] = [];
  for (let row = 0; row < samples.rows; ) {
    const count = rows.independent && row > 0 ? Math.min(batchRows, samples.rows - row) : 1;
    const inputs = samples.inputs.map((tensor, index) =>
      toInput(slice(tensor, 0, row, row + count), specs[index]!),
    );
    const result = await engine.run(inputs, names);
    const { tensors } = expectAnswer(result, `run the samples from row ${row + 1}`);
    vectors.push({ inputs, outputs: tensors, rows: count });
    row += count;
  }
  return vectors;
}

/** Samples have rows along their first axis; the model along another, or along none if it takes one row. */
function toInput(samples: ProbeTensor, { rowAxis }: InputSpec): ProbeTensor {
  return rowAxis === null
    ? { ...samples, dims: samples.dims.slice(1) }
    : moveRows(samples, { from: 0, to: rowAxis });
}

/** Moves the rows of an output to the first axis, as in samples. */
function toSamples(output: ProbeTensor, { rowAxis }: TensorSpec): ProbeTensor {
  return rowAxis === null ? output : moveRows(output, { from: rowAxis, to: 0 });
}

/** Compares the model's answers with those that the samples expect. */
export function compareSamples(
  samples: Samples,
  vectors: readonly AnsweredSamples[],
  { specs, tolerance }: { specs: readonly TensorSpec[]; tolerance: Tolerance },
): Agreement {
  const agreement = agreementOf(tolerance);
  let start = 0;
  for (const { outputs, rows } of vectors) {
    const expected = samples.expected.map(tensor => slice(tensor, 0, start, start + rows));
    const actual = expected.map(({ name, dims }) => {
      const index = outputs.findIndex(output => output.name === name);
      return index === -1 ? undefined : reshaped(toSamples(outputs[index]!, specs[index]!), dims);
    });
    agreement.add(start, expected, actual);
    start += rows;
  }
  return agreement.result(samples.rows);
}

/** Ignores a dimension of 1, which some exporters leave out and others do not. */
function reshaped(tensor: ProbeTensor, dims: number[]): ProbeTensor {
  return elementCount(tensor.dims) === elementCount(dims) ? { ...tensor, dims } : tensor;
}
