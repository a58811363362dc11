import { EngineTensor } from '../../../tensor.ts';
import { asFloat32 } from '../../as-float32.ts';
import type { Kernel } from '../../kernel.ts';
import { type ClassLabels, labelTensor } from '../labels.ts';
import { logistic, type PostTransform, transformScores } from '../post-transform.ts';
import { dotRows, matrixOf, type Weights } from './dot-rows.ts';
import { transformRows } from './transform-rows.ts';

export interface ClassifierSettings {
  coefficients: Float32Array;
  intercepts: Float32Array;
  /** With a single row of coefficients, the labels of the negative and the positive class. */
  labels: ClassLabels;
  /** Whether the single score of two classes becomes two scores. */
  isSpread: boolean;
  transform: PostTransform;
}

/** https://onnx.ai/onnx/operators/onnx_aionnxml_LinearClassifier.html */
export const linearClassifier: Kernel<ClassifierSettings> = settings => {
  const { coefficients, intercepts } = settings;
  const count = intercepts.length;
  const weights: Weights = { data: coefficients, rows: count, columns: coefficients.length / count };
  const classify = classifyBy(settings);
  return (input: EngineTensor) => {
    const x = { data: asFloat32(input), dims: input.dims };
    const rows = matrixOf('LinearClassifier', x, weights.columns);
    return classify(dotRows(rows, weights, { start: intercepts }));
  };
};

/** Returns a function that makes labels and scores of the sums of all rows, which it may overwrite. */
export function classifyBy({
  intercepts,
  labels,
  isSpread,
  transform,
}: ClassifierSettings): (raw: Float32Array) => EngineTensor[] {
  const count = intercepts.length;
  return raw => {
    const classes = count === 1 ? Int32Array.from(raw, score => Number(score > 0)) : bestOf(raw, count);
    const scores = isSpread ? spread(raw, transform) : raw;
    if (count > 1) {
      transformRows(scores, count, transform);
    } else if (transform === 'PROBIT' && !isSpread) {
      transformScores(scores, 0, scores.length, transform);
    }
    const dims = [raw.length / count, isSpread ? 2 : count];
    return [labelTensor(labels, classes), new EngineTensor('float32', scores, dims)];
  };
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

/** LOGISTIC is the only transform that ONNX Runtime applies to a single score of two classes. */
function spread(raw: Float32Array, transform: PostTransform): Float32Array {
  const scores = new Float32Array(2 * raw.length);
  for (const [row, score] of raw.entries()) {
    const second = transform === 'LOGISTIC' ? logistic(score) : score;
    scores[2 * row] = 1 - second;
    scores[2 * row + 1] = second;
  }
  return scores;
}
