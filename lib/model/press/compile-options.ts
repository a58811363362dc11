import type { Signature } from '../../contract/manifest.ts';
import type { ExternalFile } from '../external-data.ts';
import type { EngineLimits } from './engine-process.ts';
import type { Openable } from './openable.ts';
import type { Vector } from './prove.ts';

export interface CompileOptions {
  external: readonly ExternalFile[];
  outDir: string;
  /** The model as ONNX Runtime opens it. */
  reference: Openable;
  signature: Signature;
  /** Inputs that the reference answered. */
  vectors: Vector[];
  /** Why the last random inputs that were tried were not answered. */
  refusal: string;
  limits: EngineLimits;
  /** Multiply-adds per row beyond which ONNX Runtime is faster overall. @default no bound */
  mostWork?: number;
}
