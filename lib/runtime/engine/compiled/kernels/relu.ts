import { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';

/** https://onnx.ai/onnx/operators/onnx__Relu.html */
export const relu: Kernel = () => (x: EngineTensor) => {
  const data = (x.data as Float32Array).map(value => Math.max(value, 0));
  return [new EngineTensor(x.type, data, x.dims)];
};
