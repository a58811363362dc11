import { EngineTensor } from '../../tensor.ts';
import { asFloat32 } from '../as-float32.ts';
import type { Kernel } from '../kernel.ts';

interface Settings {
  offset: Float32Array;
  scale: Float32Array;
}

/** https://onnx.ai/onnx/operators/onnx_aionnxml_Scaler.html */
export const scaler: Kernel<Settings> = ({ offset, scale }) => {
  const count = scale.length;
  return (input: EngineTensor) => {
    const { type, dims } = input;
    const columns = dims.length === 1 ? dims[0] : dims[1];
    if (dims.length === 0 || (count !== 1 && count !== columns)) {
      throw new Error(`Scaler: the input is [${dims.join(', ')}]; expected ${count} columns`);
    }
    // Doubles are scaled before rounding.
    const isDouble = type === 'float64';
    const x = isDouble ? (input.data as Float64Array) : asFloat32(input);
    const out = new Float32Array(x.length);
    for (let i = 0, column = 0; i < x.length; i++, column = column + 1 === count ? 0 : column + 1) {
      const shifted = x[i]! - offset[column]!;
      out[i] = (isDouble ? shifted : Math.fround(shifted)) * scale[column]!;
    }
    return [new EngineTensor('float32', out, dims)];
  };
};
