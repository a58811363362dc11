import type { EngineTensor } from '../tensor.ts';

/** Returns the elements of a numeric tensor as float32. */
export function asFloat32({ type, data }: EngineTensor): Float32Array {
  return type === 'float32' ? (data as Float32Array) : Float32Array.from(data as Int32Array, Number);
}
