import type { SessionOptions } from '../../contract/manifest.ts';
import type { TensorData, TensorType } from '../../contract/tensor-data.ts';

/** A tensor sent between processes, in the engine's form, but with float16 as numbers in a Float32Array. */
export interface ProbeTensor {
  name: string;
  type: TensorType;
  data: TensorData;
  dims: number[];
}

/** An output as ONNX Runtime infers it. The members after `isTensor` are present only for tensors. */
export interface OutputMetadata {
  name: string;
  isTensor: boolean;
  /** ONNX's number for the element type. */
  type?: number;
  /** -1 for an open dimension; its name, or '', is in `symbolicDimensions`. */
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
  /** Counts the multiply-adds of one run of a compiled model. */
  | { op: 'count'; path: string; inputs: ProbeTensor[] }
  | { op: 'run'; inputs: ProbeTensor[]; outputs: string[] }
  /** Closes the model; if it was opened with a profile, the engine then writes it. */
  | { op: 'close' };

export type ProbeAnswer =
  | {
      ok: true;
      ms: number;
      /** The outputs of a run. */
      tensors: ProbeTensor[];
      /** The outputs of the opened model. */
      outputs: OutputMetadata[];
      /** Multiply-adds per kernel, if requested. */
      work?: Map<string, number>;
    }
  | { ok: false; message: string };
