import { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';

/** https://onnx.ai/onnx/operators/onnx_aionnxml_Binarizer.html */
export const binarizer: Kernel<{ threshold: number }> =
  ({ threshold }) =>
  ({ type, data, dims }: EngineTensor & { data: Float32Array }) => {
    const missing = data.findIndex(Number.isNaN);
    if (missing >= 0) {
      throw new Error(`Binarizer: element ${missing} is NaN`);
    }
    return [
      new EngineTensor(
        type,
        data.map(value => Number(value > threshold)),
        dims,
      ),
    ];
  };
