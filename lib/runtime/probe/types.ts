import type { SessionOptions } from '../../contract/manifest.ts';
import type { TensorData, TensorType } from '../../contract/tensor-data.ts';

/** A tensor between processes, in the engine's own terms but for float16: numbers in a Float32Array, not bits. */
export interface ProbeTensor {
  name: string;
  type: TensorType;
  data: TensorData;
  dims: number[];
}

/** An output as ONNX Runtime infers it. The members after `isTensor` are there for tensors alone. */
export interface OutputMetadata {
  name: string;
  isTensor: boolean;
  /** ONNX's number of the element type. */
  type?: number;
  /** -1 for an open dimension, whose name, or '', is in `symbolicDimensions`. */
  shape?: number[];
  symbolicDimensions?: string[];
}

export type ProbeRequest =
  | { op: 'open'; engine: 'compiled'; path: string }
  | {
      op: 'open';
      engine?: 'onnxruntime';
      path: string;
      options: SessionOptions & {
        optimizedModelFilePath?: string;
        enableProfiling?: boolean;
        profileFilePrefix?: string;
      };
    }
  /** Counts the multiply-adds of a run of a compiled model. */
  | { op: 'count'; path: string; inputs: ProbeTensor[] }
  | { op: 'run'; inputs: ProbeTensor[]; outputs: string[] }
  /** Closes the model; the engine then writes its profile, where it was opened with one. */
  | { op: 'close' };

export type ProbeAnswer =
  | {
      ok: true;
      ms: number;
      /** Of a run. */
      tensors: ProbeTensor[];
      /** Of the model that was opened. */
      outputs: OutputMetadata[];
      /** Multiply-adds by kernel, where they were to be counted. */
      work?: Map<string, number>;
    }
  | { ok: false; message: string };
