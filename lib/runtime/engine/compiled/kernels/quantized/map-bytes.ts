import { EngineTensor } from '../../../tensor.ts';
import { arrayLike } from '../../array-like.ts';
import { type ByteTensor, type FloatTensor, outputOf } from './operand.ts';
import { roundEven, saturate } from './rounding.ts';

interface Steps {
  scale: FloatTensor;
  zero: ByteTensor | undefined;
}

/** Applies a function to each element, from one scale and zero point to another. A byte has only 256 results. */
export function mapBytes(
  x: ByteTensor,
  from: Steps,
  to: Steps,
  compute: (value: number) => number,
): ByteTensor {
  const { type } = outputOf(x);
  const [xZero, yZero] = [from.zero?.data[0] ?? 0, to.zero?.data[0] ?? 0];
  const table = arrayLike(x.data, 256);
  for (let i = 0; i < 256; i++) {
    const value = type === 'int8' && i > 127 ? i - 256 : i;
    const result = compute(Math.fround((value - xZero) * from.scale.data[0]!));
    table[i] = saturate(roundEven(Math.fround(result / to.scale.data[0]!)) + yZero, type);
  }
  const out = x.data.map(value => table[value & 255]!);
  return new EngineTensor(x.type, out, x.dims) as ByteTensor;
}
