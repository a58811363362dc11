/** Turns row-major values into nested arrays of a shape; a shape without dimensions has one value. */
export function nest(values: readonly unknown[], shape: readonly number[]): unknown {
  const [length, ...inner] = shape;
  if (length === undefined) {
    return values[0];
  }
  if (inner.length === 0) {
    return values;
  }
  const size = values.length / length;
  return Array.from({ length }, (_, index) => nest(values.slice(index * size, (index + 1) * size), inner));
}
