/** Below this, the error function's series converges fast; above it, its complement's continued fraction. */
const border = 2.5;

/** The error function, to about 1e-15: https://dlmf.nist.gov/7.6#E1 and https://dlmf.nist.gov/7.9#E1 */
export function errorFunction(x: number): number {
  const size = Math.abs(x);
  if (size < border) {
    return series(x);
  }
  return size > 6 ? Math.sign(x) : Math.sign(x) * (1 - complement(size));
}

function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function complement(x: number): number {
  let fraction = 0;
  for (let n = 60; n > 0; n--) {
    fraction = n / 2 / (x + fraction);
  }
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}
