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
  /** Why the random inputs that were tried last were not answered. */
  refusal: string;
  limits: EngineLimits;
  /** Multiply-adds of a row beyond which ONNX Runtime is faster on the whole. @default no bound */
  mostWork?: number;
}
