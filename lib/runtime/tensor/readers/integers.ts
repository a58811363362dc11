import { datatypes } from '../../../contract/datatypes.ts';
import { type Elements, fromCell } from './elements.ts';

export function readIntegers(values: readonly unknown[], out: Int32Array, elements: Elements): void {
  const { min, max } = datatypes[elements.datatype];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const fits = Number.isInteger(value) && (value as number) >= min! && (value as number) <= max!;
    out[elements.offset + i] = (fits ? value : fromCell(value, i, elements)) as number;
  }
}
