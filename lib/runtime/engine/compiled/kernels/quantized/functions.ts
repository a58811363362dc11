import type { Kernel } from '../../kernel.ts';
import { logistic } from '../../rational-functions.ts';
import { mapBytes } from './map-bytes.ts';
import type { ByteTensor, FloatTensor } from './operand.ts';

function quantizedFunction(compute: (value: number) => number) {
  return (x: ByteTensor, scale: FloatTensor, zero: ByteTensor, yScale: FloatTensor, yZero: ByteTensor) => [
    mapBytes(x, { scale, zero }, { scale: yScale, zero: yZero }, compute),
  ];
}

/** https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearSigmoid */
export const qLinearSigmoid: Kernel = () => quantizedFunction(logistic);

/** https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearLeakyRelu */
export const qLinearLeakyRelu: Kernel<{ alpha: number }> = ({ alpha }) =>
  quantizedFunction(value => (value >= 0 ? value : Math.fround(value * alpha)));
