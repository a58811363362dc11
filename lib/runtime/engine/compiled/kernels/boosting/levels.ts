import { EngineTensor } from '../../../tensor.ts';
import type { Kernel } from '../../kernel.ts';

/** XGBoost's `kRtEps`. */
const least = Math.fround(1e-6);

/**
 * Returns XGBoost's answers for several levels of a distribution, such as quantiles, in ascending order. The shape is
 * `[N]`, or `[N, levels]`.
 */
export const boosterLevels: Kernel<{ link: 'ascending' | 'increments' }> = ({ link }) => {
  const arrange = link === 'ascending' ? (row: Float32Array) => row.sort() : addUp;
  return ({ type, data, dims: [rows, levels] }: EngineTensor) => {
    const out = data.slice() as Float32Array;
    for (let start = 0; start < out.length; start += levels!) {
      arrange(out.subarray(start, start + levels!));
    }
    return [new EngineTensor(type, out, levels === 1 ? [rows!] : [rows!, levels!])];
  };
};

/** Rounds each step to a 32-bit float. */
function addUp(row: Float32Array): void {
  for (let level = 1; level < row.length; level++) {
    row[level] = row[level - 1]! + Math.fround(least + softplus(row[level]!));
  }
}

function softplus(x: number): number {
  const part = Math.fround(Math.log1p(Math.fround(Math.exp(-Math.abs(x)))));
  return Math.fround(Math.max(x, 0) + part);
}
