import { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';
import { takeElements } from '../take-elements.ts';

/** https://onnx.ai/onnx/operators/onnx_aionnxml_ArrayFeatureExtractor.html */
export const arrayFeatureExtractor: Kernel = () => (x: EngineTensor, y: EngineTensor) => {
  const columns = x.dims.at(-1);
  const indices = Array.from(y.data as BigInt64Array, Number);
  if (columns === undefined || indices.length === 0) {
    throw new Error('ArrayFeatureExtractor: there is nothing to extract');
  }
  const wrong = indices.find(index => index < 0 || index >= columns);
  if (wrong !== undefined) {
    throw new Error(`ArrayFeatureExtractor: index ${wrong} is out of range, [0, ${columns})`);
  }
  const rows = x.dims.slice(0, -1).reduce((product, size) => product * size, 1);
  const positions = new Uint32Array(rows * indices.length);
  for (let row = 0, at = 0; row < rows; row++) {
    for (const index of indices) {
      positions[at++] = row * columns + index;
    }
  }
  // A single row remains a row.
  const dims = x.dims.length === 1 ? [1, indices.length] : [...x.dims.slice(0, -1), indices.length];
  return [new EngineTensor(x.type, takeElements(x.data, positions), dims)];
};
