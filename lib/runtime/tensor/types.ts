import type { Datatype } from '../../contract/manifest.ts';
import type { TensorData } from '../../contract/tensor-data.ts';

/** A tensor of a request, as in the Open Inference Protocol V2. */
export interface InferInput {
  name: string;
  datatype: Datatype;
  shape: readonly number[];
  /**
   * Elements in row-major order: a flat or nested array, or the typed array of the datatype. FP16: a Float16Array, or
   * its bits in a Uint16Array. BOOL: a Uint8Array of 0 and 1. BYTES: strings.
   */
  data: ArrayBufferView | readonly unknown[];
  parameters?: Record<string, unknown>;
}

/** A request, as in the Open Inference Protocol V2. */
export interface InferRequest {
  id?: string;
  parameters?: Record<string, unknown>;
  inputs: readonly InferInput[];
  /** The outputs to return, in this order. Absent or empty: all of them. */
  outputs?: readonly { name: string; parameters?: Record<string, unknown> }[];
}

/** A tensor of an answer. */
export interface InferOutput {
  name: string;
  datatype: Datatype;
  shape: number[];
  /** The typed array of the datatype (FP16: its bits in a Uint16Array), or strings for BYTES. */
  data: TensorData;
  /** Names of the columns of the last axis, if the model has them. */
  labels?: (string | number)[];
}

/** An answer, as in the Open Inference Protocol V2. */
export interface InferResponse {
  model_name: string;
  /** First 12 digits of the SHA-256 of the original model file. */
  model_version: string;
  id?: string;
  outputs: InferOutput[];
}
