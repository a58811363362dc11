import { EngineTensor } from '../../tensor.ts';
import { allocate } from '../allocate.ts';
import type { Kernel } from '../kernel.ts';

interface Settings {
  categories: BigInt64Array | string[];
  /** Whether an unknown category becomes a row of zeros; otherwise it is an error. */
  zeros: boolean;
}

/** https://onnx.ai/onnx/operators/onnx_aionnxml_OneHotEncoder.html */
export const oneHotEncoder: Kernel<Settings> = ({ categories, zeros }) => {
  const count = categories.length;
  // The last of duplicate categories wins.
  const positions = new Map(Array.from<string | bigint, [string | number, number]>(categories, keyOf));
  return ({ data, dims }: EngineTensor) => {
    if (dims.length > 2) {
      throw new Error(`OneHotEncoder: the input has rank ${dims.length}; expected at most 2`);
    }
    const outDims = [...dims, count];
    const out = allocate('OneHotEncoder', 'float32', outDims);
    for (let i = 0; i < data.length; i++) {
      const [key] = keyOf(data[i]!, 0);
      const position = positions.get(key);
      if (position !== undefined) {
        out[i * count + position] = 1;
      } else if (!zeros) {
        throw new Error('OneHotEncoder: a category is unknown');
      }
    }
    return [new EngineTensor('float32', out, outDims)];
  };
};

/** Numbers are truncated to integers for the lookup. */
function keyOf(value: string | number | bigint, index: number): [string | number, number] {
  return [typeof value === 'string' ? value : Math.trunc(Number(value)) + 0, index];
}
