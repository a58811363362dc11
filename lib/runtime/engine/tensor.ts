import type { TensorData, TensorType } from '../../contract/tensor-data.ts';

/**
 * A tensor in the form that engines accept and return. ONNX Runtime's binding reads `dims`, `location`, `type` and
 * `data` of an input, and calls this constructor for an output. float16 is stored as its bits in a Uint16Array: for a
 * Float16Array, the binding of ONNX Runtime 1.30 computes a size of 0.
 */
export class EngineTensor {
  readonly location = 'cpu';
  readonly type: TensorType;
  readonly data: TensorData;
  readonly dims: readonly number[];

  constructor(type: TensorType, data: TensorData, dims: readonly number[]) {
    this.type = type;
    this.data = data;
    this.dims = dims;
  }
}
