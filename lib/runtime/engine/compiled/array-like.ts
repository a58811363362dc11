import type { TensorData } from '../../../contract/tensor-data.ts';

type Numbers = Exclude<TensorData, string[]>;

/** Creates an array of the same kind to be filled; an array of strings starts with empty strings. */
export function arrayLike<Data extends TensorData>(data: Data, length: number): Data {
  return (
    Array.isArray(data)
      ? new Array<string>(length).fill('')
      : new ((data as Numbers).constructor as Float32ArrayConstructor)(length)
  ) as Data;
}

/** Whether the elements are bigints. */
export function isBig(data: TensorData): data is BigInt64Array | BigUint64Array {
  return data instanceof BigInt64Array || data instanceof BigUint64Array;
}
