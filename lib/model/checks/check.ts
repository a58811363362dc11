import type { ColdpressError } from '../../errors.ts';
import type { ModelProto } from '../onnx_pb.ts';

/** Names what stands in a model's way. */
export type Check = (model: ModelProto) => Iterable<ColdpressError>;
