import type { ModelProto } from '../../../lib/model/onnx_pb.ts';
import type { EngineTensor } from '../../../lib/runtime/engine/tensor.ts';
import type { Draw } from './draw.ts';

/** A model with inputs that it may or may not take. */
export interface FuzzCase {
  model: ModelProto;
  inputs: Map<string, EngineTensor>;
  /** The largest sum of the sizes of what is added up: a sum that cancels is no more exact than that. */
  magnitude?: number;
}

export type MakeCase = (draw: Draw) => FuzzCase;
