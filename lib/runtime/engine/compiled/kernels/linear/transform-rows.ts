import { logisticAll } from '../../logistic/logistic-all.ts';
import { type PostTransform, transformScores } from '../post-transform.ts';

/** Transforms rows of `count` scores in place; here ONNX Runtime uses the logistic function of its matrix library. */
export function transformRows(scores: Float32Array, count: number, transform: PostTransform): void {
  if (transform === 'LOGISTIC') {
    logisticAll(scores);
    return;
  }
  for (let start = 0; start < scores.length; start += count) {
    transformScores(scores, start, count, transform);
  }
}
