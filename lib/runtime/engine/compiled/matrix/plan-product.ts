export interface ProductPlan {
  dims: number[];
  rows: number;
  depth: number;
  columns: number;
  /** The matrices of each side that make each matrix of the product. */
  products: { left: number; right: number }[];
}

/** Like numpy.matmul: one dimension is a row on the left, a column on the right; leading dimensions broadcast. */
export function planProduct(operator: string, a: readonly number[], b: readonly number[]): ProductPlan {
  const refuse = () => new Error(`${operator}: [${a.join(', ')}] cannot be multiplied by [${b.join(', ')}]`);
  if (a.length === 0 || b.length === 0) {
    throw refuse();
  }
  const left = a.length === 1 ? [1, a[0]!] : [...a];
  const right = b.length === 1 ? [b[0]!, 1] : [...b];
  const [rows, depth] = left.splice(-2) as [number, number];
  const [height, columns] = right.splice(-2) as [number, number];
  const rank = Math.max(left.length, right.length);
  const isOneMatrix = b.length > 1 && right.every(size => size === 1);
  const outer = Array.from({ length: rank }, (_, axis) => {
    const x = left[axis - rank + left.length] ?? 1;
    const y = right[axis - rank + right.length] ?? 1;
    // ONNX Runtime broadcasts only a single right-hand matrix to a dimension of 0.
    const isNone = x !== y && (x === 0 || y === 0) && !isOneMatrix;
    if (isNone || (x !== y && x !== 1 && y !== 1)) {
      throw refuse();
    }
    return x === 1 ? y : x;
  });
  // ONNX Runtime broadcasts a right-hand column to every left-hand row, and here there are none.
  if (b.length === 1 && a.length > 1 && rows === 0) {
    throw refuse();
  }
  if (depth !== height) {
    throw refuse();
  }
  const count = outer.reduce((product, size) => product * size, 1);
  const products = Array.from({ length: count }, (_, index) => ({
    left: indexWithin(index, outer, left),
    right: indexWithin(index, outer, right),
  }));
  const dims = [...outer, ...(a.length === 1 ? [] : [rows]), ...(b.length === 1 ? [] : [columns])];
  return { dims, rows, depth, columns, products };
}

/** Returns the source index of an element of a broadcast shape. */
function indexWithin(index: number, outer: readonly number[], own: readonly number[]): number {
  let rest = index;
  let at = 0;
  let step = 1;
  for (let axis = outer.length - 1; axis >= 0; axis--) {
    const position = rest % outer[axis]!;
    rest = Math.floor(rest / outer[axis]!);
    const size = own[axis - outer.length + own.length];
    if (size !== undefined) {
      at += size === 1 ? 0 : position * step;
      step *= size;
    }
  }
  return at;
}
