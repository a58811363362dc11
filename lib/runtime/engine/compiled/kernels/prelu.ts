import { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';

type FloatTensor = EngineTensor & { type: 'float32' | 'float64'; data: Float32Array };

/** https://onnx.ai/onnx/operators/onnx__PRelu.html; the slope broadcasts to the input. */
export const prelu: Kernel = () => (x: FloatTensor, slope: FloatTensor) => {
  const at = strides(x.dims, slope.dims);
  const out = x.data.slice() as Float32Array;
  const position = new Int32Array(x.dims.length);
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    const value = out[i]!;
    out[i] = value >= 0 ? value : value * slope.data[from]!;
    for (let axis = x.dims.length - 1; axis >= 0; axis--) {
      from += at[axis]!;
      if (++position[axis]! < x.dims[axis]!) {
        break;
      }
      from -= at[axis]! * x.dims[axis]!;
      position[axis] = 0;
    }
  }
  return [new EngineTensor(x.type, out, x.dims)];
};

/** Returns how far the slope's index moves for a step along each axis of the input. */
function strides(dims: readonly number[], slope: readonly number[]): number[] {
  let step = 1;
  return dims
    .map((size, axis) => [size, slope[axis - dims.length + slope.length]] as const)
    .reverse()
    .map(([size, own = 1]) => {
      if ((own !== 1 && own !== size) || slope.length > dims.length) {
        throw new Error(`PRelu: a slope of [${slope.join(', ')}] does not fit [${dims.join(', ')}]`);
      }
      const stride = own === 1 ? 0 : step;
      step *= own;
      return stride;
    })
    .reverse();
}
