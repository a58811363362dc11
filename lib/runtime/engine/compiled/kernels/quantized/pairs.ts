import type { EngineTensor } from '../../../tensor.ts';
import type { Kernel } from '../../kernel.ts';
import { eachPair } from '../elementwise/pairs.ts';
import { type ByteTensor, type FloatTensor, outputOf } from './operand.ts';
import { roundEven, saturate } from './rounding.ts';

interface Parameters {
  aScale: number;
  aZero: number;
  bScale: number;
  bZero: number;
  yScale: number;
  yZero: number;
}

/** A com.microsoft operator on two integer tensors; `start` prepares the function that computes unrounded results. */
function quantizedPair(
  operator: string,
  start: (parameters: Parameters) => (a: number, b: number) => number,
): Kernel {
  return () =>
    (
      a: ByteTensor,
      aScale: FloatTensor,
      aZero: ByteTensor | undefined,
      b: ByteTensor,
      bScale: FloatTensor,
      bZero: ByteTensor | undefined,
      yScale: FloatTensor,
      yZero: ByteTensor | undefined,
    ): EngineTensor[] => {
      const first = (tensor: EngineTensor | undefined) => Number(tensor?.data[0] ?? 0);
      const compute = start({
        aScale: first(aScale),
        aZero: first(aZero),
        bScale: first(bScale),
        bZero: first(bZero),
        yScale: first(yScale),
        yZero: first(yZero),
      });
      const { type } = outputOf(a);
      return [eachPair(operator, [a, b], (x: number, y: number) => saturate(roundEven(compute(x, y)), type))];
    };
}

/** https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearAdd */
export const qLinearAdd: Kernel = settings =>
  quantizedPair('QLinearAdd', ({ aScale, aZero, bScale, bZero, yScale, yZero }) => {
    const [left, right] = [Math.fround(aScale / yScale), Math.fround(bScale / yScale)];
    const shift = Math.fround(yZero - Math.fround(left * aZero + Math.fround(right * bZero)));
    // ONNX Runtime on x64 uses this order, which multiplies and adds before rounding.
    return (a, b) => Math.fround(left * a + Math.fround(right * b + shift));
  })(settings, []);

/** https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearMul */
export const qLinearMul: Kernel = settings =>
  quantizedPair('QLinearMul', ({ aScale, aZero, bScale, bZero, yScale, yZero }) => {
    const scale = Math.fround(Math.fround(aScale * bScale) / yScale);
    return (a, b) => Math.fround(Math.fround((a - aZero) * (b - bZero) * scale) + yZero);
  })(settings, []);
