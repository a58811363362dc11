import { EngineTensor } from '../../tensor.ts';
import { allocate } from '../allocate.ts';
import type { Kernel } from '../kernel.ts';
import { categoryFinder } from './category-finder.ts';

interface Settings {
  categories: BigInt64Array | string[];
  /** Whether an unknown category becomes a row of zeros; otherwise it is an error. */
  zeros: boolean;
}

/** https://onnx.ai/onnx/operators/onnx_aionnxml_OneHotEncoder.html */
export const oneHotEncoder: Kernel<Settings> = ({ categories, zeros }) => {
  const count = categories.length;
  const find = categoryFinder(categories);
  return (input: EngineTensor) => {
    const { dims } = input;
    if (dims.length > 2) {
      throw new Error(`OneHotEncoder: the input has rank ${dims.length}; expected at most 2`);
    }
    const outDims = [...dims, count];
    const out = allocate('OneHotEncoder', 'float32', outDims);
    const positions = find(input);
    for (let i = 0; i < positions.length; i++) {
      if (positions[i]! < count) {
        out[i * count + positions[i]!] = 1;
      } else if (!zeros) {
        throw new Error('OneHotEncoder: a category is unknown');
      }
    }
    return [new EngineTensor('float32', out, outDims)];
  };
};
