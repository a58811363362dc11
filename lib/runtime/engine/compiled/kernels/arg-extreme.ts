import { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';
import { group } from './reduce.ts';

interface Settings {
  axis: number;
  keepsDims: boolean;
  /** Whether the last of equal elements wins. */
  isLast: boolean;
}

type Scalar = number | bigint;

function argExtreme(operator: string, isBetter: (a: Scalar, b: Scalar) => boolean): Kernel<Settings> {
  return ({ axis, keepsDims, isLast }) =>
    ({ data, dims }: EngineTensor) => {
      const { dims: outDims, groups, positions } = group(operator, dims, { axes: [axis], keepsDims });
      if (positions.length === 0) {
        throw new Error(`${operator}: axis ${axis} of [${dims.join(', ')}] is empty`);
      }
      const out = new BigInt64Array(groups.length);
      for (let i = 0; i < groups.length; i++) {
        let best = 0;
        for (let j = 1; j < positions.length; j++) {
          const value = data[groups[i]! + positions[j]!] as Scalar;
          const known = data[groups[i]! + positions[best]!] as Scalar;
          best = isBetter(value, known) || (isLast && value === known) ? j : best;
        }
        out[i] = BigInt(best);
      }
      return [new EngineTensor('int64', out, outDims)];
    };
}

export const argMax: Kernel<Settings> = (settings, constants) =>
  argExtreme('ArgMax', (a, b) => a > b)(settings, constants);

export const argMin: Kernel<Settings> = (settings, constants) =>
  argExtreme('ArgMin', (a, b) => a < b)(settings, constants);
