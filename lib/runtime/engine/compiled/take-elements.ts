import type { TensorData } from '../../../contract/tensor-data.ts';

/** The elements at those positions, in their order. */
export function takeElements(data: TensorData, positions: Uint32Array): TensorData {
  if (Array.isArray(data)) {
    return Array.from(positions, position => data[position]!);
  }
  const from = data as Float32Array;
  const out = new (from.constructor as Float32ArrayConstructor)(positions.length);
  for (let i = 0; i < positions.length; i++) {
    out[i] = from[positions[i]!]!;
  }
  return out;
}
