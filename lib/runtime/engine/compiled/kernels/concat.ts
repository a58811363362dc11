import { unfitShape } from '../../../unfit-shape.ts';
import { EngineTensor } from '../../tensor.ts';
import { countElements } from '../allocate.ts';
import { arrayLike } from '../array-like.ts';
import type { Kernel } from '../kernel.ts';
import { axisOf, elementCount } from '../shape.ts';

/** https://onnx.ai/onnx/operators/onnx__Concat.html */
export const concat: Kernel<{ axis: number }> =
  ({ axis }) =>
  (...inputs: EngineTensor[]) => [concatenate('Concat', inputs, axis)];

/** Concatenates tensors of one type along an axis. */
export function concatenate(operator: string, inputs: EngineTensor[], axis: number): EngineTensor {
  // ONNX Runtime compares no empty tensors, but adds up their sizes too.
  const filled = inputs.filter(({ data }) => data.length > 0);
  const { type, dims, data } = (filled[0] ?? inputs[0])!;
  const at = axisOf(operator, axis, dims.length);
  const isSame = (size: number, i: number) => i === at || size === dims[i];
  const unfit =
    inputs.find(input => input.dims.length !== dims.length) ??
    filled.find(input => !input.dims.every(isSame));
  if (unfit !== undefined) {
    throw new Error(`${operator}: [${unfit.dims.join(', ')}] does not fit [${dims.join(', ')}]`);
  }
  const to = dims.map((size, i) =>
    i === at ? inputs.reduce((sum, input) => sum + input.dims[at]!, 0) : size,
  );
  const count = countElements(operator, to);
  if (count !== inputs.reduce((sum, input) => sum + input.data.length, 0)) {
    throw unfitShape(operator);
  }
  const out = arrayLike(data, count) as Float32Array;
  const rows = elementCount(dims.slice(0, at));
  const width = out.length / Math.max(rows, 1);
  let offset = 0;
  for (const { data } of inputs as (EngineTensor & { data: Float32Array })[]) {
    const own = data.length / Math.max(rows, 1);
    for (let row = 0; row < rows; row++) {
      for (let i = 0, from = row * own, into = row * width + offset; i < own; i++) {
        out[into + i] = data[from + i]!;
      }
    }
    offset += own;
  }
  return new EngineTensor(type, out, to);
}
