import type { TensorData } from '../../../contract/tensor-data.ts';
import { arrayLike } from './array-like.ts';

/** Returns the elements at these positions, in this order. */
export function takeElements<Data extends TensorData>(data: Data, positions: Uint32Array): Data {
  const out = arrayLike(data, positions.length);
  for (let i = 0; i < positions.length; i++) {
    out[i] = data[positions[i]!]!;
  }
  return out;
}
