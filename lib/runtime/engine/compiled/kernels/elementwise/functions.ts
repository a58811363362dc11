import type { Kernel } from '../../kernel.ts';
import { logistic, tanh as rationalTanh } from '../../rational-functions.ts';
import { eachElement, eachFloat, eachNumber, eachTest } from './each.ts';
import { errorFunction } from './error-function.ts';

export const abs: Kernel = () => eachNumber(Math.abs, value => (value < 0n ? -value : value));
export const neg: Kernel = () =>
  eachNumber(
    value => -value,
    value => -value,
  );
export const sign: Kernel = () => eachNumber(Math.sign, value => (value > 0n ? 1n : value < 0n ? -1n : 0n));
export const reciprocal: Kernel = () => eachElement(value => 1 / value);
export const sqrt: Kernel = () => eachElement(Math.sqrt);
export const exp: Kernel = () => eachElement(Math.exp);
export const log: Kernel = () => eachElement(Math.log);
export const floor: Kernel = () => eachElement(Math.floor);
export const ceil: Kernel = () => eachElement(Math.ceil);
export const round: Kernel = () => eachElement(roundHalfToEven);
export const sigmoid: Kernel = () => eachFloat(logistic, value => 1 / (1 + Math.exp(-value)));
export const erf: Kernel = () => eachElement(errorFunction);
export const sin: Kernel = () => eachElement(Math.sin);
export const cos: Kernel = () => eachElement(Math.cos);
export const tan: Kernel = () => eachElement(Math.tan);
export const asin: Kernel = () => eachElement(Math.asin);
export const acos: Kernel = () => eachElement(Math.acos);
export const atan: Kernel = () => eachElement(Math.atan);
export const sinh: Kernel = () => eachElement(Math.sinh);
export const cosh: Kernel = () => eachElement(Math.cosh);
export const tanh: Kernel = () => eachFloat(rationalTanh, Math.tanh);
export const asinh: Kernel = () => eachElement(Math.asinh);
export const acosh: Kernel = () => eachElement(Math.acosh);
export const atanh: Kernel = () => eachElement(Math.atanh);

export const isNotANumber: Kernel = () => eachTest(Number.isNaN);
export const not: Kernel = () => eachTest(value => value === 0);
export const isInf: Kernel<{ positive: boolean; negative: boolean }> = ({ positive, negative }) =>
  eachTest(
    value =>
      (positive && value === Number.POSITIVE_INFINITY) || (negative && value === Number.NEGATIVE_INFINITY),
  );

/** Rounds halves to the even neighbour. */
function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
