import { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';
import { axisOf, elementCount } from '../shape.ts';
import { elementPositions, slicePositions } from './gather.ts';

type Reduction = 'none' | 'add' | 'mul' | 'max' | 'min';
type Scalar = number;

/** https://onnx.ai/onnx/operators/onnx__ScatterElements.html */
export const scatterElements: Kernel<{ axis: number; reduction: Reduction }> =
  ({ axis, reduction }) =>
  ({ type, data, dims }: EngineTensor, indices: EngineTensor, updates: EngineTensor) => {
    const at = axisOf('ScatterElements', axis, dims.length);
    const out = data.slice() as Float32Array;
    const positions = elementPositions('ScatterElements', dims, indices, at);
    if (`${updates.dims}` !== `${indices.dims}`) {
      throw new Error('ScatterElements: indices and updates have several shapes');
    }
    for (let i = 0; i < positions.length; i++) {
      put(out, positions[i]!, updates.data[i] as Scalar, reduction);
    }
    return [new EngineTensor(type, out, dims)];
  };

/** https://onnx.ai/onnx/operators/onnx__ScatterND.html */
export const scatterNd: Kernel<{ reduction: Reduction }> =
  ({ reduction }) =>
  ({ type, data, dims }: EngineTensor, indices: EngineTensor, updates: EngineTensor) => {
    const out = data.slice() as Float32Array;
    const width = elementCount(dims.slice(indices.dims.at(-1) ?? 0));
    const starts = slicePositions('ScatterND', dims, indices, 0);
    const expected = [...indices.dims.slice(0, -1), ...dims.slice(indices.dims.at(-1) ?? 0)];
    if (`${updates.dims}` !== `${expected}`) {
      throw new Error('ScatterND: the updates do not fit the indices');
    }
    for (const [index, start] of starts.entries()) {
      for (let i = 0; i < width; i++) {
        put(out, start + i, updates.data[index * width + i] as Scalar, reduction);
      }
    }
    return [new EngineTensor(type, out, dims)];
  };

function put(out: Float32Array, at: number, value: Scalar, reduction: Reduction): void {
  const known = out[at]!;
  switch (reduction) {
    case 'none':
      out[at] = value;
      break;
    case 'add':
      out[at] = known + value;
      break;
    case 'mul':
      out[at] = known * value;
      break;
    case 'max':
      out[at] = value > known ? value : known;
      break;
    case 'min':
      out[at] = value < known ? value : known;
      break;
  }
}
