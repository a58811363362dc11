import type { EngineTensor } from '../tensor.ts';

/** The elements of a tensor of numbers as float32. */
export function asFloat32({ type, data }: EngineTensor): Float32Array {
  return type === 'float32' ? (data as Float32Array) : Float32Array.from(data as Int32Array, Number);
}
