import { toFloat16Bits } from '../../../contract/float16.ts';
import { badElement, type Elements } from './elements.ts';
import { otherFloat } from './spelled-float.ts';

export function readHalves(values: readonly unknown[], out: Uint16Array, elements: Elements): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const number = typeof value === 'number' ? value : otherFloat(value, i, elements);
    const bits = toFloat16Bits(number);
    if ((bits & 0x7fff) === 0x7c00 && Number.isFinite(number)) {
      throw badElement(i, value, elements);
    }
    out[elements.offset + i] = bits;
  }
}
