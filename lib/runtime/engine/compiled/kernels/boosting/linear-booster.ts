import { EngineTensor } from '../../../tensor.ts';
import type { Kernel } from '../../kernel.ts';

export interface LinearBoosterSettings {
  /** Feature by feature, with one number per group. */
  weights: Float32Array;
  /** The start of the sums: the base score, then the bias. */
  base: Float64Array;
  bias: Float32Array;
  groups: number;
  columns: number;
}

/** XGBoost's `gblinear`, in which a missing value adds nothing. */
export const linearBooster: Kernel<LinearBoosterSettings> =
  ({ weights, base, bias, groups, columns }) =>
  (x: EngineTensor) => {
    const rows = x.dims[0]!;
    const values = x.data as Float32Array;
    const sums = new Float32Array(rows * groups);
    for (let row = 0; row < rows; row++) {
      for (let group = 0; group < groups; group++) {
        let sum = Math.fround(bias[group]! + base[group]!);
        for (let column = 0; column < columns; column++) {
          const value = values[row * columns + column]!;
          if (!Number.isNaN(value)) {
            sum = Math.fround(sum + Math.fround(value * weights[column * groups + group]!));
          }
        }
        sums[row * groups + group] = sum;
      }
    }
    return [new EngineTensor('float32', sums, [rows, groups])];
  };

/** What each feature adds to the sum, then the bias: `[N, features + 1]`, or `[N, groups, features + 1]`. */
export const linearContributions: Kernel<LinearBoosterSettings> =
  ({ weights, base, bias, groups, columns }) =>
  (x: EngineTensor) => {
    const rows = x.dims[0]!;
    const values = x.data as Float32Array;
    const width = columns + 1;
    const parts = new Float32Array(rows * groups * width);
    for (let row = 0; row < rows; row++) {
      for (let group = 0; group < groups; group++) {
        const at = (row * groups + group) * width;
        for (let column = 0; column < columns; column++) {
          const value = values[row * columns + column]!;
          parts[at + column] = Number.isNaN(value) ? 0 : value * weights[column * groups + group]!;
        }
        parts[at + columns] = bias[group]! + base[group]!;
      }
    }
    return [new EngineTensor('float32', parts, groups === 1 ? [rows, width] : [rows, groups, width])];
  };
