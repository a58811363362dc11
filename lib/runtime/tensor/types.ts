import type { Datatype } from '../../contract/manifest.ts';
import type { TensorData } from '../../contract/tensor-data.ts';

/** A tensor of a request, in the words of the Open Inference Protocol V2. */
export interface InferInput {
  name: string;
  datatype: Datatype;
  shape: readonly number[];
  /**
   * Row-major: a flat or nested array, or the typed array of the datatype (FP16: a Float16Array, or its bits in a
   * Uint16Array; BOOL: a Uint8Array of 0 and 1). BYTES: strings.
   */
  data: ArrayBufferView | readonly unknown[];
  parameters?: Record<string, unknown>;
}

export interface InferRequest {
  id?: string;
  parameters?: Record<string, unknown>;
  inputs: readonly InferInput[];
  /** The outputs wanted, in this order; all of them when absent or empty. */
  outputs?: readonly { name: string; parameters?: Record<string, unknown> }[];
}

/** A tensor of an answer. */
export interface InferOutput {
  name: string;
  datatype: Datatype;
  shape: number[];
  /** The typed array of the datatype (FP16: its bits in a Uint16Array), or strings for BYTES. */
  data: TensorData;
  /** Names of the columns of the last axis, where the model had them. */
  labels?: (string | number)[];
}

export interface InferResponse {
  model_name: string;
  /** The first 12 digits of the model's SHA-256. */
  model_version: string;
  id?: string;
  outputs: InferOutput[];
}
