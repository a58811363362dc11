/** The transforms of raw scores in ai.onnx.ml's classifiers and regressors. */
export type PostTransform = 'NONE' | 'LOGISTIC' | 'SOFTMAX' | 'SOFTMAX_ZERO' | 'PROBIT';

type Scores = Float32Array | Float64Array;

const { fround } = Math;

/** Computed in float32 from exp(-|x|), so that it neither overflows nor loses its sign. */
export function logistic(x: number): number {
  const value = fround(1 / fround(1 + fround(Math.exp(-Math.abs(fround(x))))));
  return x < 0 ? fround(1 - value) : value;
}

/** The quantile function of the normal distribution, by Winitzki's approximation of the inverse error function. */
export function probit(x: number): number {
  const y = fround(fround(2 * x) - 1);
  const log = fround(Math.log(fround(fround(1 - y) * fround(1 + y))));
  const v = fround(fround(2 / fround(fround(Math.PI) * fround(0.147))) + fround(0.5 * log));
  const v2 = fround(fround(1 / fround(0.147)) * log);
  const root = fround(Math.sqrt(fround(-v + fround(Math.sqrt(fround(fround(v * v) - v2))))));
  return fround(fround(Math.SQRT2) * (y < 0 ? -root : root));
}

/** SOFTMAX_ZERO keeps values that are this close to zero; they, and NaN, are left out of the sum. */
const zero = fround(0.0000001);

/** Transforms `count` scores in place, beginning at `start`. */
export function transformScores(
  scores: Scores,
  start: number,
  count: number,
  transform: PostTransform,
): void {
  switch (transform) {
    case 'LOGISTIC':
      for (let i = start; i < start + count; i++) {
        scores[i] = logistic(scores[i]!);
      }
      break;
    case 'PROBIT':
      for (let i = start; i < start + count; i++) {
        scores[i] = probit(scores[i]!);
      }
      break;
    case 'SOFTMAX':
      softmax(scores, start, count, () => false);
      break;
    case 'SOFTMAX_ZERO':
      softmax(scores, start, count, value => !(value > zero || value < -zero));
      break;
  }
}

/** Computed in float32, whatever type stores the scores. */
function softmax(scores: Scores, start: number, count: number, isKept: (value: number) => boolean): void {
  let most = -3.4028234663852886e38;
  for (let i = start; i < start + count; i++) {
    most = fround(scores[i]!) > most ? fround(scores[i]!) : most;
  }
  let sum = 0;
  for (let i = start; i < start + count; i++) {
    const value = fround(scores[i]!);
    if (isKept(value)) {
      scores[i] = fround(value * fround(Math.exp(-most)));
    } else {
      scores[i] = fround(Math.exp(fround(value - most)));
      sum = fround(sum + scores[i]!);
    }
  }
  for (let i = start; i < start + count; i++) {
    scores[i] = fround(scores[i]! / sum);
  }
}
