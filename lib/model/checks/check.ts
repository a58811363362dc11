import type { ColdpressError } from '../../errors.ts';
import type { ModelProto } from '../onnx_pb.ts';

/** Yields errors for everything that prevents a model from running. */
export type Check = (model: ModelProto) => Iterable<ColdpressError>;
