import { badElement, type Elements } from './elements.ts';
import { otherFloat } from './spelled-float.ts';

export function readFloats(
  values: readonly unknown[],
  out: Float32Array | Float64Array,
  elements: Elements,
): void {
  const { offset } = elements;
  for (let i = values.length > manyElements ? copyFinite(values, out, offset) : 0; i < values.length; i++) {
    const value = values[i];
    const number = typeof value === 'number' ? value : otherFloat(value, i, elements);
    out[offset + i] = number;
    // A finite number that became infinite is too large for the datatype.
    if (!Number.isFinite(out[offset + i]) && Number.isFinite(number)) {
      throw badElement(i, value, elements);
    }
  }
}

/** Longer arrays use a separate loop. */
const manyElements = 64;

/**
 * Copies numbers up to the first that needs closer inspection. V8 compiles a loop for the kinds of arrays that it has
 * seen there, and allocates an object for every number once an array contained other values: short arrays are of all
 * kinds, and must not make those of images ten times slower.
 * @returns the number of elements copied
 */
function copyFinite(values: readonly unknown[], out: Float32Array | Float64Array, offset: number): number {
  let i = 0;
  for (; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== 'number') {
      break;
    }
    out[offset + i] = value;
    if (!Number.isFinite(out[offset + i])) {
      break;
    }
  }
  return i;
}
