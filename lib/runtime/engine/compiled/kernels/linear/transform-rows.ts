import { logistic } from '../../rational-functions.ts';
import { type PostTransform, transformScores } from '../post-transform.ts';

/** Transforms rows of `count` scores in place; here ONNX Runtime uses the logistic function of its matrix library. */
export function transformRows(scores: Float32Array, count: number, transform: PostTransform): void {
  if (transform === 'LOGISTIC') {
    for (let i = 0; i < scores.length; i++) {
      scores[i] = logistic(scores[i]!);
    }
    return;
  }
  for (let start = 0; start < scores.length; start += count) {
    transformScores(scores, start, count, transform);
  }
}
