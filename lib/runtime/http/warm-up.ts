import { datatypes } from '../../contract/datatypes.ts';
import type { InputSpec } from '../../contract/manifest.ts';
import { closeShape } from '../../contract/signature.ts';
import type { Model } from '../open-model.ts';
import type { InferInput } from '../tensor/types.ts';
import type { GoldenCheck } from './golden.ts';

/** Runs the model once, so that no request pays for the setup of the first run; a failure is only logged. */
export function warmUp(model: Model, golden: GoldenCheck): void {
  try {
    model.infer(
      golden.request() ?? { inputs: model.signature.inputs.filter(spec => !spec.optional).map(zeros) },
    );
  } catch (error) {
    console.error('the warm-up inference failed:', error);
  }
}

/** Returns the smallest tensor that the signature accepts. */
function zeros({ name, datatype, shape, minShape }: InputSpec): InferInput {
  const dims = closeShape(shape ?? [], 1).map((size, axis) => Math.max(size, minShape[axis] ?? 1));
  const size = dims.reduce((product, dim) => product * dim, 1);
  const { array } = datatypes[datatype];
  return { name, datatype, shape: dims, data: array === undefined ? Array(size).fill('') : new array(size) };
}
