import { EngineTensor } from '../../tensor.ts';
import { arrayLike } from '../array-like.ts';
import { broadcastDims, broadcastPositions } from '../broadcast.ts';
import type { Kernel } from '../kernel.ts';
import { elementCount } from '../shape.ts';

/** https://onnx.ai/onnx/operators/onnx__Where.html */
export const where: Kernel = () => (condition: EngineTensor, x: EngineTensor, y: EngineTensor) => {
  const dims = broadcastDims('Where', [condition.dims, x.dims, y.dims]);
  const [of, left, right] = [condition, x, y].map(tensor => broadcastPositions(tensor.dims, dims));
  const [yes, no] = [x.data as Float32Array, y.data as Float32Array];
  const out = arrayLike(yes, elementCount(dims));
  for (let i = 0; i < out.length; i++) {
    out[i] = condition.data[of![i]!] !== 0 ? yes[left![i]!]! : no[right![i]!]!;
  }
  return [new EngineTensor(x.type, out, dims)];
};
