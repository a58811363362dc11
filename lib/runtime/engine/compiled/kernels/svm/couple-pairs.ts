const { fround } = Math;

/**
 * Computes the probabilities of several classes from those of each pair by Wu, Lin and Weng's second method, in
 * float32, with at most as many rounds as ONNX Runtime: https://www.csie.ntu.edu.tw/~cjlin/papers/svmprob/svmprob.pdf
 * @param pairs - `pairs[i * count + j]`: the probability of class i, given that it is i or j
 */
export function couplePairs(pairs: Float32Array, count: number, out: Float32Array): void {
  const q = new Float32Array(count * count);
  const qp = new Float32Array(count);
  const enough = fround(fround(0.005) / count);
  out.fill(1 / count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      if (j !== i) {
        const other = pairs[j * count + i]!;
        q[i * count + i] = q[i * count + i]! + fround(other * other);
        q[i * count + j] = j < i ? q[j * count + i]! : -other * pairs[i * count + j]!;
      }
    }
  }
  for (let round = 0; round < 100; round++) {
    let pqp = 0;
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let j = 0; j < count; j++) {
        sum = fround(sum + fround(q[i * count + j]! * out[j]!));
      }
      qp[i] = sum;
      pqp = fround(pqp + fround(out[i]! * sum));
    }
    // NaN counts as converged.
    if (!qp.some(value => Math.abs(fround(value - pqp)) >= enough)) {
      return;
    }
    for (let i = 0; i < count; i++) {
      const own = q[i * count + i]!;
      const step = fround(fround(-qp[i]! + pqp) / own);
      const scale = fround(1 + step);
      out[i] = out[i]! + step;
      const grown = fround(pqp + fround(step * fround(fround(step * own) + fround(2 * qp[i]!))));
      pqp = fround(fround(grown / scale) / scale);
      for (let j = 0; j < count; j++) {
        qp[j] = fround(qp[j]! + fround(step * q[i * count + j]!)) / scale;
        out[j] = out[j]! / scale;
      }
    }
  }
}
