import { logistic } from '../../rational-functions.ts';
import { type PostTransform, transformScores } from '../post-transform.ts';

/** Transforms rows of `count` scores in place; the logistic function is that of ONNX Runtime's matrix library here. */
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
