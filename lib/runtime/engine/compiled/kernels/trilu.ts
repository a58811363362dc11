import type { TensorData } from '../../../../contract/tensor-data.ts';
import { EngineTensor } from '../../tensor.ts';
import { isBig } from '../array-like.ts';
import type { Kernel } from '../kernel.ts';

/** https://onnx.ai/onnx/operators/onnx__Trilu.html keeps a triangle of each matrix and sets the rest to zero. */
export const trilu: Kernel<{ isUpper: boolean }> =
  ({ isUpper }) =>
  ({ type, data, dims }: EngineTensor & { data: Float32Array }, diagonal?: EngineTensor) => {
    if (dims.length < 2) {
      throw new Error(`Trilu: the input has ${dims.length} dimensions; expected 2 or more`);
    }
    const [rows, columns] = dims.slice(-2) as [number, number];
    const first = Number(diagonal?.data[0] ?? 0);
    const out = data.slice();
    const zero = isBig(out as TensorData) ? 0n : 0;
    for (let row = 0, at = 0; at < out.length; row = (row + 1) % rows, at += columns) {
      const edge = Math.min(columns, Math.max(0, row + first + Number(!isUpper)));
      out.fill(zero as never, isUpper ? at : at + edge, isUpper ? at + edge : at + columns);
    }
    return [new EngineTensor(type, out, dims)];
  };
