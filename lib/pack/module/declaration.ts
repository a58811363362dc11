import type { Signature } from '../../contract/manifest.ts';
import { declareModel } from '../../model/declarations.ts';

/** The declaration of a module that `coldpress compile` writes; it imports nothing. */
export function declareModule(signature: Signature, name: string, isInline: boolean): string {
  return `${declareModel(signature, name)}
export type Datatype =
  | 'BOOL' | 'UINT8' | 'UINT16' | 'UINT32' | 'UINT64' | 'INT8' | 'INT16' | 'INT32' | 'INT64' | 'FP16' | 'FP32' | 'FP64' | 'BYTES';

export type TensorData =
  | Float32Array | Float64Array | Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array
  | BigInt64Array | BigUint64Array | string[];

/** A tensor of a request: flat or nested arrays, row-major, or the typed array of the datatype. */
export interface InferInput {
  name: keyof Model['inputs'];
  datatype: Datatype;
  shape: readonly number[];
  data: ArrayBufferView | readonly unknown[];
}

export interface InferOutput {
  name: string;
  datatype: Datatype;
  shape: number[];
  /** FP16: its bits in a Uint16Array. BOOL: 0 and 1 in a Uint8Array. */
  data: TensorData;
  labels?: (string | number)[];
}

export interface OpenModel {
  signature: { inputs: { name: string; datatype: Datatype }[]; outputs: { name: string; datatype: Datatype }[] };
  /** Runs the model once. @throws RequestError that names the input, output or dimension */
  infer(request: {
    id?: string;
    inputs: readonly InferInput[];
    /** All outputs by default. */
    outputs?: readonly { name: keyof Model['outputs'] }[];
  }): { model_name: string; model_version: string; id?: string; outputs: InferOutput[] };
}

export declare class RequestError extends Error {
  /** The HTTP status that it becomes: 400 or 413. */
  readonly status: number;
  readonly code: string;
}

${isInline ? '/** Opens the model. */\nexport declare function open(): OpenModel;' : '/** Opens the model. @param weights - the bytes of model.bin */\nexport declare function open(weights: ArrayBuffer | Uint8Array): OpenModel;'}
`;
}
