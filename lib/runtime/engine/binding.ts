/**
 * What coldpress uses of onnxruntime-node's native binding. Its JavaScript wrapper is left out: it costs 6 to 10 ms of
 * a cold start and defers every call by a turn of the event loop, and there is nothing in it that a function needs.
 */
import type { TensorData, TensorType } from '../../contract/tensor-data.ts';

/**
 * A tensor as the binding reads and makes it: it gets `dims`, `location`, `type` and `data` of an input, and calls
 * this constructor for an output. float16 travels as its bits in a Uint16Array: given a Float16Array, the binding of
 * ONNX Runtime 1.30 computes a size of 0.
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

export interface BindingSession {
  loadModel(path: string, options: object): void;
  run(feeds: object, fetches: object, options: object): Record<string, EngineTensor>;
  dispose(): void;
}

export interface Binding {
  InferenceSession: new () => BindingSession;
  initOrtOnce(logLevel: number, tensor: typeof EngineTensor, isMainThread: boolean): void;
}
