import { type Elements, fromCell } from './elements.ts';

export function readBooleans(values: readonly unknown[], out: Uint8Array, elements: Elements): void {
  for (let i = 0; i < values.length; i++) {
    const value = typeof values[i] === 'boolean' ? values[i] : fromCell(values[i], i, elements);
    out[elements.offset + i] = value ? 1 : 0;
  }
}
