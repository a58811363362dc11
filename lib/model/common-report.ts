import type { Datatype, Dimension, Signature } from '../contract/manifest.ts';
import type { ExternalFile } from './external-data.ts';
import type { Obstacle, TargetFit } from './fit.ts';

/** What a report says of a model in any format. */
export interface CommonReport {
  path: string;
  sizeBytes: number;
  /** Of the model file alone, without external data; only where it was asked for. */
  sha256?: string;
  /** What the model takes and gives as it is. */
  signature: { inputs: ReportedValue[]; outputs: ReportedValue[] };
  /** Rewrites that packing would apply. */
  rewrites: { name: string; reason: string }[];
  /** What a packed model would take and give, after the rewrites. */
  packedSignature: Signature;
  /** Weights beside the model, found and safe. */
  externalData: ExternalFile[];
  /** What keeps every target from running it. */
  obstacles: Obstacle[];
  /** Whether ONNX Runtime opened the model, which it is not asked to where there is an obstacle or the model is large. */
  opened: boolean;
  /**
   * Why ONNX Runtime does not run it, where the compiled engine does: samples with expected outputs must prove its
   * answers when the model is packed.
   */
  needsSamples?: Obstacle;
  /** Why the compiled engine cannot run it, as far as the operators tell; absent where it may. */
  notCompilable?: string;
  targets: TargetFit[];
}

export interface ReportedValue {
  name: string;
  /** As ONNX has it: `float[N,30]`, `sequence<map<int64,float>>`. */
  type: string;
  /** `null` for what the Open Inference Protocol has no word for. */
  datatype: Datatype | null;
  shape: Dimension[] | null;
}
