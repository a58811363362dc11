import { EngineTensor } from '../../../tensor.ts';
import { asFloat32 } from '../../as-float32.ts';
import type { Kernel } from '../../kernel.ts';
import { type PostTransform, transformScores } from '../post-transform.ts';
import { dotRows, matrixOf } from './dot-rows.ts';
import { transformRows } from './transform-rows.ts';

interface Settings {
  coefficients: Float32Array;
  intercepts: Float32Array | null;
  targets: number;
  transform: PostTransform;
}

/** https://onnx.ai/onnx/operators/onnx_aionnxml_LinearRegressor.html */
export const linearRegressor: Kernel<Settings> = ({ coefficients, intercepts, targets, transform }) => {
  const weights = { data: coefficients, rows: targets, columns: coefficients.length / targets };
  const finish = (sum: number, row: number) => (intercepts === null ? sum : sum + intercepts[row]!);
  return (input: EngineTensor) => {
    const rows = matrixOf('LinearRegressor', { data: asFloat32(input), dims: input.dims }, weights.columns);
    const out = dotRows(rows, weights, finish);
    if (targets > 1) {
      transformRows(out, targets, transform);
    } else if (transform === 'PROBIT') {
      // ONNX Runtime applies only this transform to a single target.
      transformScores(out, 0, out.length, transform);
    }
    return [new EngineTensor('float32', out, [rows.rows, targets])];
  };
};
