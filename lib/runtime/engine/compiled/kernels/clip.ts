import { EngineTensor } from '../../tensor.ts';
import { arrayLike } from '../array-like.ts';
import type { Kernel } from '../kernel.ts';

/** Before opset 11 the bounds are attributes; `null` means that they are inputs. */
interface Settings {
  least: number | null;
  most: number | null;
}

/** https://onnx.ai/onnx/operators/onnx__Clip.html */
export const clip: Kernel<Settings> =
  ({ least, most }) =>
  (x: EngineTensor, low: EngineTensor | undefined, high: EngineTensor | undefined) => {
    const from = least ?? (low?.data[0] as number | undefined);
    const to = most ?? (high?.data[0] as number | undefined);
    const data = x.data as Float32Array;
    const out = arrayLike(data, data.length);
    for (let i = 0; i < data.length; i++) {
      const value = data[i]!;
      const raised = from !== undefined && value < from ? from : value;
      out[i] = to !== undefined && raised > to ? to : raised;
    }
    return [new EngineTensor(x.type, out, x.dims)];
  };
