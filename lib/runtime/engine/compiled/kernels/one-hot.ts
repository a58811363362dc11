import { EngineTensor } from '../../tensor.ts';
import { countElements } from '../allocate.ts';
import { arrayLike } from '../array-like.ts';
import { integersOf } from '../integers.ts';
import type { Kernel } from '../kernel.ts';
import { axisOf, elementCount } from '../shape.ts';

/** An index out of range becomes a row of the off value. https://onnx.ai/onnx/operators/onnx__OneHot.html */
export const oneHot: Kernel<{ axis: number }> =
  ({ axis }) =>
  (indices: EngineTensor, depthInput: EngineTensor, values: EngineTensor) => {
    const depth = Number(depthInput.data[0]);
    if (!(depth > 0)) {
      throw new Error(`OneHot: a depth of ${depth}`);
    }
    const at = axisOf('OneHot', axis, indices.dims.length + 1);
    const to = [...indices.dims.slice(0, at), depth, ...indices.dims.slice(at)];
    const count = countElements('OneHot', to);
    if (values.data.length !== 2) {
      throw new Error(`OneHot: ${values.data.length} values; expected one for off and one for on`);
    }
    const [off, on] = values.data as Float32Array;
    const out = arrayLike(values.data as Float32Array, count).fill(off!);
    const width = elementCount(indices.dims.slice(at));
    for (const [i, value] of integersOf(indices).entries()) {
      const index = value < 0 ? value + depth : value;
      if (index >= 0 && index < depth) {
        out[(Math.floor(i / width) * depth + index) * width + (i % width)] = on!;
      }
    }
    return [new EngineTensor(values.type, out, to)];
  };
