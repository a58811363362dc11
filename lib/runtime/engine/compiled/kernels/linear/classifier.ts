import { EngineTensor } from '../../../tensor.ts';
import { asFloat32 } from '../../as-float32.ts';
import type { Kernel } from '../../kernel.ts';
import { type ClassLabels, labelTensor } from '../labels.ts';
import { logistic, type PostTransform } from '../post-transform.ts';
import { dotRows, matrixOf, type Weights } from './dot-rows.ts';
import { transformRows } from './transform-rows.ts';

export interface ClassifierSettings {
  coefficients: Float32Array;
  intercepts: Float32Array;
  /** With a single row of coefficients, the labels of the negative and the positive class. */
  labels: ClassLabels;
  /** What the first of two scores is, if only the second is a sum: the opposite number, or what is left of 1. */
  first: 'opposite' | 'rest' | null;
  transform: PostTransform;
}

/** https://onnx.ai/onnx/operators/onnx_aionnxml_LinearClassifier.html */
export const linearClassifier: Kernel<ClassifierSettings> = settings => {
  const { coefficients, intercepts } = settings;
  const count = intercepts.length;
  const weights: Weights = {
    data: coefficients,
    rows: count,
    columns: coefficients.length / count,
    together: productsOf(settings),
  };
  const classify = classifyBy(settings);
  return (input: EngineTensor) => {
    const x = { data: asFloat32(input), dims: input.dims };
    const rows = matrixOf('LinearClassifier', x, weights.columns);
    return classify(dotRows(rows, weights, { start: intercepts }));
  };
};

/** Returns how many products ONNX Runtime computes for each row. */
export function productsOf({ first, intercepts }: ClassifierSettings): number {
  return first === 'opposite' ? 2 : intercepts.length;
}

/** Returns a function that makes labels and scores of the sums of all rows, which it may overwrite. */
export function classifyBy({
  intercepts,
  labels,
  first,
  transform,
}: ClassifierSettings): (sums: Float32Array) => EngineTensor[] {
  const count = intercepts.length;
  return sums => {
    if (first !== null) {
      const { classes, scores } = classifyPairs(sums, first, transform);
      return [labelTensor(labels, classes), new EngineTensor('float32', scores, [classes.length, 2])];
    }
    const classes = bestOf(sums, count);
    transformRows(sums, count, transform);
    return [labelTensor(labels, classes), new EngineTensor('float32', sums, [classes.length, count])];
  };
}

/** Classifies by the sum of the second of two classes, in one pass. */
function classifyPairs(
  sums: Float32Array,
  first: 'opposite' | 'rest',
  transform: PostTransform,
): { classes: Int32Array; scores: Float32Array } {
  const classes = new Int32Array(sums.length);
  const scores = new Float32Array(2 * sums.length);
  const total = first === 'rest' ? 1 : 0;
  // The only transform that ONNX Runtime applies to a single score.
  const isLogistic = first === 'rest' && transform === 'LOGISTIC';
  for (let row = 0; row < sums.length; row++) {
    const sum = sums[row]!;
    const score = isLogistic ? logistic(sum) : sum;
    classes[row] = sum > 0 ? 1 : 0;
    scores[2 * row] = total - score;
    scores[2 * row + 1] = score;
  }
  if (first === 'opposite') {
    transformRows(scores, 2, transform);
  }
  return { classes, scores };
}

/** Returns the index of each row's greatest score, the first if several are equal. */
function bestOf(scores: Float32Array, count: number): Int32Array {
  const classes = new Int32Array(scores.length / count);
  for (let row = 0; row < classes.length; row++) {
    let best = row * count;
    for (let i = best + 1; i < (row + 1) * count; i++) {
      best = scores[i]! > scores[best]! ? i : best;
    }
    classes[row] = best - row * count;
  }
  return classes;
}
