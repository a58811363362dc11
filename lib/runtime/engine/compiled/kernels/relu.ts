import { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';

/** https://onnx.ai/onnx/operators/onnx__Relu.html */
export const relu: Kernel = () => (x: EngineTensor) => {
  const data = x.data as Float32Array;
  const out = new (data.constructor as Float32ArrayConstructor)(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    // NaN stays NaN.
    out[i] = value < 0 ? 0 : value;
  }
  return [new EngineTensor(x.type, out, x.dims)];
};
