import { EngineTensor } from '../../tensor.ts';
import { allocate } from '../allocate.ts';
import type { Kernel } from '../kernel.ts';

/** Returns the distance of each row to each row: com.microsoft.CDist. */
export const cdist: Kernel<{ isSquared: boolean }> =
  ({ isSquared }) =>
  (a: EngineTensor & { data: Float32Array }, b: EngineTensor & { data: Float32Array }) => {
    const [rows, columns] = a.dims as [number, number];
    const [others, width] = b.dims as [number, number];
    if (a.dims.length !== 2 || b.dims.length !== 2 || columns !== width) {
      throw new Error(
        `CDist: [${a.dims.join(', ')}] and [${b.dims.join(', ')}] have rows of several lengths`,
      );
    }
    const out = allocate('CDist', a.type as 'float32', [rows, others]);
    for (let row = 0, at = 0; row < rows; row++) {
      for (let other = 0; other < others; other++) {
        let sum = 0;
        for (let i = 0; i < columns; i++) {
          const difference = a.data[row * columns + i]! - b.data[other * columns + i]!;
          sum += difference * difference;
        }
        out[at++] = isSquared ? sum : Math.sqrt(sum);
      }
    }
    return [new EngineTensor(a.type, out, [rows, others])];
  };
