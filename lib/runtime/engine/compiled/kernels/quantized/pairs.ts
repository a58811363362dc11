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

/** An operator of com.microsoft on two tensors of whole numbers, whose result `start` computes before it is rounded. */
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
    // The order of ONNX Runtime on x64, which multiplies and adds before it rounds.
    return (a, b) => Math.fround(left * a + Math.fround(right * b + shift));
  })(settings, []);

/** https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearMul */
export const qLinearMul: Kernel = settings =>
  quantizedPair('QLinearMul', ({ aScale, aZero, bScale, bZero, yScale, yZero }) => {
    const scale = Math.fround(Math.fround(aScale * bScale) / yScale);
    return (a, b) => Math.fround(Math.fround((a - aZero) * (b - bZero) * scale) + yZero);
  })(settings, []);
