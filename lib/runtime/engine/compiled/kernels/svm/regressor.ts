import { EngineTensor } from '../../../tensor.ts';
import { asFloat32 } from '../../as-float32.ts';
import type { Kernel } from '../../kernel.ts';
import { dotRows, matrixOf, type Weights } from '../linear/dot-rows.ts';
import { type KernelFunction, similarities } from './kernel-function.ts';

interface Settings extends KernelFunction {
  /** Support vectors, one after another; `null` for a linear model. */
  vectors: Float32Array | null;
  /** One per support vector or, for a linear model, one per column. */
  coefficients: Float32Array;
  rho: number;
  /** Whether only the side is returned: 1 or -1. */
  isOneClass: boolean;
}

/** https://onnx.ai/onnx/operators/onnx_aionnxml_SVMRegressor.html */
export const svmRegressor: Kernel<Settings> = settings => {
  const { vectors, coefficients, rho, isOneClass } = settings;
  const count = vectors === null ? 1 : coefficients.length;
  const columns = (vectors ?? coefficients).length / count;
  const support: Weights = { data: vectors ?? coefficients, rows: count, columns };
  const sums: Weights = { data: coefficients, rows: 1, columns: count };
  return (input: EngineTensor) => {
    const rows = matrixOf('SVMRegressor', { data: asFloat32(input), dims: input.dims }, columns);
    const near = similarities(settings, rows, support, vectors === null ? rho : 0);
    const out =
      vectors === null
        ? near
        : dotRows({ data: near, rows: rows.rows, columns: count }, sums, { start: rho });
    const data = isOneClass ? out.map(score => (score > 0 ? 1 : -1)) : out;
    return [new EngineTensor('float32', data, [rows.rows, 1])];
  };
};
