import type { EngineTensor } from '../../../tensor.ts';
import type { Kernel } from '../../kernel.ts';
import { concatenate } from '../concat.ts';
import { mapBytes } from './map-bytes.ts';
import type { ByteTensor, FloatTensor } from './operand.ts';

/** https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearConcat */
export const qLinearConcat: Kernel<{ axis: number }> =
  ({ axis }) =>
  (scale: FloatTensor, zero: ByteTensor, ...rest: EngineTensor[]) => {
    const parts = Array.from({ length: rest.length / 3 }, (_, index) => {
      const [x, xScale, xZero] = rest.slice(3 * index) as [ByteTensor, FloatTensor, ByteTensor];
      const isSame = xScale.data[0] === scale.data[0] && xZero.data[0] === zero.data[0];
      return isSame ? x : mapBytes(x, { scale: xScale, zero: xZero }, { scale, zero }, value => value);
    });
    return [concatenate('QLinearConcat', parts, axis)];
  };
