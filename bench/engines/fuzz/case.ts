import type { ModelProto } from '../../../lib/model/onnx_pb.ts';
import type { EngineTensor } from '../../../lib/runtime/engine/tensor.ts';
import type { Draw } from './draw.ts';

/** A model with inputs that it may accept or reject. */
export interface FuzzCase {
  model: ModelProto;
  inputs: Map<string, EngineTensor>;
  /** The largest sum of the absolute values of what is added up, which limits the precision of sums that cancel. */
  magnitude?: number;
}

export type MakeCase = (draw: Draw) => FuzzCase;
