import { EngineTensor } from '../../tensor.ts';
import { countElements } from '../allocate.ts';
import { arrayLike } from '../array-like.ts';
import type { Kernel } from '../kernel.ts';
import { axisOf, elementCount } from '../shape.ts';

interface Settings {
  axis: number;
  isLargest: boolean;
  /** Before opset 10 it is an attribute; `null` leaves it to the second input. */
  count: number | null;
}

/** Of equal elements the first comes first. https://onnx.ai/onnx/operators/onnx__TopK.html */
export const topK: Kernel<Settings> =
  ({ axis, isLargest, count }) =>
  ({ type, data, dims }: EngineTensor, countInput: EngineTensor | undefined) => {
    const at = axisOf('TopK', axis, dims.length);
    const size = dims[at]!;
    const k = count ?? Number(countInput!.data[0]);
    if (!(k >= 0 && k <= size)) {
      throw new Error(`TopK: ${k} of ${size} elements`);
    }
    const to = dims.map((other, i) => (i === at ? k : other));
    const values = arrayLike(data, countElements('TopK', to)) as Float32Array;
    const indices = new BigInt64Array(values.length);
    const from = data as Float32Array;
    const width = elementCount(dims.slice(at + 1));
    const rows = elementCount(dims.slice(0, at));
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < width; column++) {
        const valueAt = (i: number) => from[(row * size + i) * width + column]!;
        const order = Array.from({ length: size }, (_, i) => i).sort((a, b) => {
          const [x, y] = [valueAt(a), valueAt(b)];
          return x === y ? a - b : x > y === isLargest ? -1 : 1;
        });
        for (let i = 0; i < k; i++) {
          const into = (row * k + i) * width + column;
          values[into] = valueAt(order[i]!);
          indices[into] = BigInt(order[i]!);
        }
      }
    }
    return [new EngineTensor(type, values, to), new EngineTensor('int64', indices, to)];
  };
