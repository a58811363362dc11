/**
 * The imports of a `score.ts`, and functions to open a pressed model in your own process.
 *
 * ```ts
 * import { defineScore, tensor } from 'coldpress/runtime';
 * ```
 * @module coldpress/runtime
 */

export { fromFloat16Bits } from '../contract/float16.ts';
export type {
  Datatype,
  Dimension,
  Manifest,
  SessionOptions,
  Signature,
  TensorSpec,
} from '../contract/manifest.ts';
export type { TensorData } from '../contract/tensor-data.ts';
export { asset, assetPath } from './asset.ts';
export { RequestError } from './errors.ts';
export { type Model, openModel } from './open-model.ts';
export type { ColdPhases } from './phases.ts';
export { defineScore, type ModelScore, type Score, tensor } from './score/define.ts';
export type { Inputs, ModelTypes, Outputs, Tensor } from './score/model-types.ts';
export { rowOf, stack } from './score/rows.ts';
export type { InferInput, InferOutput, InferRequest, InferResponse } from './tensor/types.ts';
