/** Numbers as they are read: 32-bit integers as long as all are, else 64-bit floats. */
export interface NumberList {
  push(value: number): void;
  finish(): Int32Array | Float64Array;
}

/** A list that grows to at most twice what it holds. */
export function startNumberList(): NumberList {
  let numbers: Int32Array | Float64Array = new Int32Array(8);
  let length = 0;
  return {
    push(value) {
      if (length === numbers.length) {
        const grown = new (numbers.constructor as Float64ArrayConstructor)(2 * length);
        grown.set(numbers);
        numbers = grown;
      }
      if (numbers instanceof Int32Array && !Object.is(value | 0, value)) {
        numbers = Float64Array.from(numbers);
      }
      numbers[length++] = value;
    },
    finish: () => numbers.slice(0, length),
  };
}
