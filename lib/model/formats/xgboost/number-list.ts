import { GrowingList } from '../growing-list.ts';

/** A growing list of numbers: 32-bit integers as long as all of them are, else 64-bit floats. */
export interface NumberList {
  push(value: number): void;
  finish(): Int32Array | Float64Array;
}

export function startNumberList(): NumberList {
  let isWhole = true;
  let numbers: GrowingList<Int32Array | Float64Array> = new GrowingList(Int32Array);
  return {
    push(value) {
      if (isWhole && !Object.is(value | 0, value)) {
        isWhole = false;
        const whole = numbers.finish();
        numbers = new GrowingList(Float64Array);
        for (const number of whole) {
          numbers.push(number);
        }
      }
      numbers.push(value);
    },
    finish: () => numbers.finish(),
  };
}
