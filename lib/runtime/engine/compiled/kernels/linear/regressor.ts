import { EngineTensor } from '../../../tensor.ts';
import { asFloat32 } from '../../as-float32.ts';
import type { Kernel } from '../../kernel.ts';
import { type PostTransform, transformScores } from '../post-transform.ts';
import { dotRows, matrixOf, type Weights } from './dot-rows.ts';
import { transformRows } from './transform-rows.ts';

export interface RegressorSettings {
  coefficients: Float32Array;
  intercepts: Float32Array | null;
  targets: number;
  transform: PostTransform;
}

/** https://onnx.ai/onnx/operators/onnx_aionnxml_LinearRegressor.html */
export const linearRegressor: Kernel<RegressorSettings> = settings => {
  const { coefficients, intercepts, targets } = settings;
  const weights: Weights = { data: coefficients, rows: targets, columns: coefficients.length / targets };
  return (input: EngineTensor) => {
    const rows = matrixOf('LinearRegressor', { data: asFloat32(input), dims: input.dims }, weights.columns);
    return [targetTensor(dotRows(rows, weights, { start: intercepts ?? 0 }), settings)];
  };
};

/** Transforms the sums of all rows in place. */
export function targetTensor(sums: Float32Array, { targets, transform }: RegressorSettings): EngineTensor {
  if (targets > 1) {
    transformRows(sums, targets, transform);
  } else if (transform === 'PROBIT') {
    // ONNX Runtime applies only this transform to a single target.
    transformScores(sums, 0, sums.length, transform);
  }
  return new EngineTensor('float32', sums, [sums.length / targets, targets]);
}
