/** Returns the number of elements of a shape. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

/** Returns the distance between neighbouring elements of each dimension, row-major. */
export function stridesOf(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length);
  let stride = 1;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= dims[axis]!;
  }
  return strides;
}

/**
 * Returns the axis for a number; negative numbers count from the last axis.
 * @throws Error that names the operator
 */
export function axisOf(operator: string, axis: number, rank: number): number {
  if (axis < -rank || axis >= rank) {
    throw new Error(`${operator}: axis ${axis} is out of range, [${-rank}, ${rank})`);
  }
  return axis < 0 ? axis + rank : axis;
}

/** Returns the positions of the elements of `dims` with the given strides, starting at `offset`, row-major. */
export function stridedPositions(
  dims: readonly number[],
  strides: readonly number[],
  offset = 0,
): Uint32Array {
  const positions = new Uint32Array(elementCount(dims));
  const rank = dims.length;
  if (rank === 0) {
    positions[0] = offset;
    return positions;
  }
  const last = rank - 1;
  const [width, step] = [dims[last]!, strides[last]!];
  const index = new Array<number>(rank).fill(0);
  let start = offset;
  for (let at = 0; at < positions.length; ) {
    for (let i = 0, from = start; i < width; i++, from += step) {
      positions[at++] = from;
    }
    // Advances to the next row, with carry.
    for (let axis = last - 1; axis >= 0; axis--) {
      start += strides[axis]!;
      if (++index[axis]! < dims[axis]!) {
        break;
      }
      start -= strides[axis]! * dims[axis]!;
      index[axis] = 0;
    }
  }
  return positions;
}
