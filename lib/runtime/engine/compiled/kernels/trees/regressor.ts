import { EngineTensor } from '../../../tensor.ts';
import type { Kernel } from '../../kernel.ts';
import { type PostTransform, transformScores } from '../post-transform.ts';
import type { Trees } from './ensemble.ts';
import { rowsOf } from './rows.ts';
import { type Combine, leafScorer } from './sum-leaves.ts';

export type RegressorSettings = Trees & {
  operator: string;
  aggregate: 'SUM' | 'AVERAGE' | 'MIN' | 'MAX';
  /** One per target, or empty. */
  base: Float32Array | Float64Array;
  transform: PostTransform;
  /** The type of the output. */
  type: 'float32' | 'float64';
};

const combines: Record<RegressorSettings['aggregate'], Combine | undefined> = {
  SUM: undefined,
  AVERAGE: undefined,
  MIN: (sum, weight, isFirst) => (isFirst || weight < sum ? weight : sum),
  MAX: (sum, weight, isFirst) => (isFirst || weight > sum ? weight : sum),
};

/** https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleRegressor.html and its successor TreeEnsemble */
export const treeEnsembleRegressor: Kernel<RegressorSettings> = settings => {
  const { operator, columns, roots, aggregate, base, targetCount, transform, type } = settings;
  const score = leafScorer(settings, combines[aggregate]);
  const divisor = aggregate === 'AVERAGE' ? roots.length : 1;
  return (input: EngineTensor) => {
    const rows = rowsOf(operator, input, columns);
    const { sums, known } = score(rows);
    for (let i = 0; i < sums.length; i++) {
      sums[i] = sums[i]! / divisor;
      if (base.length > 0) {
        sums[i] = sums[i]! + base[i % targetCount]!;
      }
      if (known !== null && known[i] === 0) {
        sums[i] = 0;
      }
    }
    if (targetCount > 1) {
      for (let row = 0; row < rows.rows; row++) {
        transformScores(sums, row * targetCount, targetCount, transform);
      }
    } else if (transform === 'PROBIT') {
      // ONNX Runtime applies only this transform to a single target.
      transformScores(sums, 0, sums.length, transform);
    }
    const data = type === 'float32' && sums instanceof Float64Array ? Float32Array.from(sums) : sums;
    return [new EngineTensor(type, data, [rows.rows, targetCount])];
  };
};
