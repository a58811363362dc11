import { EngineTensor } from '../../tensor.ts';
import { allocate } from '../allocate.ts';
import { asFloat32 } from '../as-float32.ts';
import type { Kernel } from '../kernel.ts';

interface Settings {
  /** The number of output columns of each input, which is cut or padded with zeros. */
  sizes: number[];
}

/** https://onnx.ai/onnx/operators/onnx_aionnxml_FeatureVectorizer.html */
export const featureVectorizer: Kernel<Settings> = ({ sizes }) => {
  const columns = sizes.reduce((sum, size) => sum + size, 0);
  return (...inputs: EngineTensor[]) => {
    const rows = rowCount(inputs[0]!);
    const out = allocate('FeatureVectorizer', 'float32', [rows, columns]);
    let offset = 0;
    for (const [index, input] of inputs.entries()) {
      const size = sizes[index]!;
      const x = asFloat32(input);
      if (rowCount(input) !== rows) {
        throw new Error(`FeatureVectorizer: input ${index} has ${rowCount(input)} rows, not ${rows}`);
      }
      const own = x.length / rows;
      for (let row = 0; row < rows; row++) {
        out.set(x.subarray(row * own, row * own + Math.min(own, size)), row * columns + offset);
      }
      offset += size;
    }
    return [new EngineTensor('float32', out, [rows, columns])];
  };
};

function rowCount({ dims }: EngineTensor): number {
  return dims.length <= 1 ? 1 : dims[0]!;
}
