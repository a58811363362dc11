import { isText } from '../../../contract/cells.ts';
import { badElement, type Elements } from './elements.ts';

export function readStrings(values: readonly unknown[], out: string[], elements: Elements): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    // A string that the engine cannot represent would arrive changed.
    if (!isText(value)) {
      throw badElement(i, value, elements);
    }
    out[elements.offset + i] = value;
  }
}
