import type { Datatype, Dimension, Signature } from '../contract/manifest.ts';
import type { ExternalFile } from './external-data.ts';
import type { Obstacle, TargetFit } from './fit.ts';

/** The part of a report that is the same for all model formats. */
export interface CommonReport {
  path: string;
  sizeBytes: number;
  /** SHA-256 of the model file alone, without external data; only if requested. */
  sha256?: string;
  /** Inputs and outputs of the model before any rewrite. */
  signature: { inputs: ReportedValue[]; outputs: ReportedValue[] };
  /** Rewrites that packing would apply. */
  rewrites: { name: string; reason: string }[];
  /** Inputs and outputs of the packed model, after the rewrites. */
  packedSignature: Signature;
  /** Weight files next to the model that were found and are safe. */
  externalData: ExternalFile[];
  /** Reasons why no target can run it. */
  obstacles: Obstacle[];
  /** Whether ONNX Runtime opened the model. It does not try if there are obstacles or the model is large. */
  opened: boolean;
  /**
   * Why ONNX Runtime cannot run it although the compiled engine can: samples with expected outputs must then prove its
   * answers when the model is packed.
   */
  needsSamples?: Obstacle;
  /** Why the compiled engine cannot run it, as far as the operators show; absent if it may be able to. */
  notCompilable?: string;
  targets: TargetFit[];
}

export interface ReportedValue {
  name: string;
  /** In ONNX notation: `float[N,30]`, `sequence<map<int64,float>>`. */
  type: string;
  /** `null` if the Open Inference Protocol has no such datatype. */
  datatype: Datatype | null;
  shape: Dimension[] | null;
}
