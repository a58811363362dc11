/**
 * ONNX Runtime's float32 logistic function and tanh, as in its matrix library: quotients of polynomials, each step
 * multiplied and added before rounding. A double represents such a product exactly, so the results are equal to the
 * last bit. Coefficients are in order of falling power, as in its sources:
 * https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/mlas/lib/logistic.cpp and tanh.cpp
 */
const { fround } = Math;

/** Beyond these magnitudes, the results no longer change. */
const logisticBound = 18;
const tanhBound = 9;

export function logistic(value: number): number {
  const x = Math.min(Math.max(value, -logisticBound), logisticBound);
  const s = fround(x * x);
  let numerator = fround(s * fround(4.37031012579801e-11) + fround(1.15627324459942e-7));
  numerator = fround(numerator * s + fround(6.08574864600143e-5));
  numerator = fround(numerator * s + fround(8.51377133304701e-3));
  numerator = fround(numerator * s + fround(2.48287947061529e-1));
  numerator = fround(numerator * x);
  let denominator = fround(s * fround(6.10247389755681e-13) + fround(5.76102136993427e-9));
  denominator = fround(denominator * s + fround(6.2910678501704e-6));
  denominator = fround(denominator * s + fround(1.70198817374094e-3));
  denominator = fround(denominator * s + fround(1.16817656904453e-1));
  denominator = fround(denominator * s + fround(9.9315192102318e-1));
  return Math.min(Math.max(fround(fround(numerator / denominator) + 0.5), 0), 1);
}

export function tanh(value: number): number {
  const x = Math.min(Math.max(value, -tanhBound), tanhBound);
  const s = fround(x * x);
  let numerator = fround(s * fround(-2.76076847742355e-16) + fround(2.00018790482477e-13));
  numerator = fround(numerator * s + fround(-8.60467152213735e-11));
  numerator = fround(numerator * s + fround(5.12229709037114e-8));
  numerator = fround(numerator * s + fround(1.48572235717979e-5));
  numerator = fround(numerator * s + fround(6.37261928875436e-4));
  numerator = fround(numerator * s + fround(4.89352455891786e-3));
  numerator = fround(numerator * x);
  let denominator = fround(s * fround(1.19825839466702e-6) + fround(1.18534705686654e-4));
  denominator = fround(denominator * s + fround(2.268434632439e-3));
  denominator = fround(denominator * s + fround(4.89352518554385e-3));
  return fround(numerator / denominator);
}

const tanhNumerator = [
  -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8,
  1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3,
];
const tanhDenominator = [
  1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3,
].map(fround);

/** The same tanh, but with each product rounded before the sum, as in GRU. */
export function tanhByProducts(value: number): number {
  const x = Math.min(Math.max(value, -tanhBound), tanhBound);
  const s = fround(x * x);
  const polynomial = (coefficients: number[]) =>
    coefficients.reduce((sum, coefficient) => fround(fround(sum * s) + fround(coefficient)), 0);
  return fround(fround(polynomial(tanhNumerator) * x) / polynomial(tanhDenominator));
}
