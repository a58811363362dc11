import { EngineTensor } from '../../../tensor.ts';
import type { Kernel } from '../../kernel.ts';
import { stepLightGbm } from './step-light-gbm.ts';
import { stepXgBoost } from './step-xg-boost.ts';
import type { BoosterTrees } from './trees.ts';

export interface LeavesSettings extends BoosterTrees {
  library: 'LightGBM' | 'XGBoost';
}

/** Returns the leaf of each tree that each row reaches, numbered as in the library: `[N, trees]`. */
export const boosterLeaves: Kernel<LeavesSettings> = settings => {
  const { library, roots, features, columns } = settings;
  const step = library === 'LightGBM' ? stepLightGbm(settings) : stepXgBoost(settings);
  return ({ data, dims: [rows] }: EngineTensor) => {
    const leaves = new Int32Array(rows! * roots.length);
    for (let row = 0; row < rows!; row++) {
      for (let tree = 0; tree < roots.length; tree++) {
        let node = roots[tree]!;
        while (features[node]! >= 0) {
          node = step(data as Float64Array, row * columns, node);
        }
        leaves[row * roots.length + tree] = ~features[node]!;
      }
    }
    return [new EngineTensor('int32', leaves, [rows!, roots.length])];
  };
};
