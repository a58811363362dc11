import { engineNameOf, type InputSpec, type TensorSpec } from '../../contract/manifest.ts';
import { rowShape } from '../../contract/signature.ts';
import type { Tolerance } from '../../contract/tolerance.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { EngineRefusedError, engineReason, explainEngineError } from '../engine-errors.ts';
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

/**
 * Runs the model on samples: the first alone, then the rest in batches if records may share a run, or one by one.
 * @throws EngineRefusedError SAMPLES_INVALID that names the row, or the code of a model that the engine cannot run
 */
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
    if (result.kind === 'refused') {
      throw explainRefusal(result.message, { row, inputs: samples.inputs, specs });
    }
    const { tensors } = expectAnswer(result, `run the samples from row ${row + 1}`);
    vectors.push({ inputs, outputs: tensors, rows: count });
    row += count;
  }
  return vectors;
}

/** A model that the engine has opened, and that names no operator as the cause, rejects these values. */
function explainRefusal(
  message: string,
  { row, inputs, specs }: { row: number; inputs: readonly ProbeTensor[]; specs: readonly InputSpec[] },
): EngineRefusedError {
  const error = explainEngineError(message);
  if (error.code !== 'MODEL_REFUSED') {
    return error;
  }
  const given = inputs.map(({ name, dims }) => `${name} [${dims.slice(1).join(', ')}]`).join(', ');
  const taken = specs
    .map(spec => `${spec.name} ${spec.shape === null ? 'of any shape' : `[${rowShape(spec)!.join(', ')}]`}`)
    .join(', ');
  return new EngineRefusedError(
    'SAMPLES_INVALID',
    `the model rejects the samples from row ${row + 1} on: ${engineReason(message)}`,
    { hint: `a row has ${given}; the model takes ${taken} for each record`, cause: error },
  );
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
