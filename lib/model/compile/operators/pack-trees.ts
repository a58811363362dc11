/** As documented in `lib/runtime/engine/compiled/kernels/trees/ensemble.ts`. */
interface EveryTrees {
  roots: Int32Array;
  weights: Float32Array | Float64Array;
  targets: Uint16Array | Int32Array;
  targetCount: number;
  columns: number;
  isDouble: boolean;
}

export interface WideTrees extends EveryTrees {
  layout: 'wide';
  features: Int32Array;
  values: Float32Array | Float64Array;
  next: Int32Array;
  modes: Uint8Array;
  missing: Uint8Array | null;
}

export interface PackedTrees extends EveryTrees {
  layout: 'packed';
  nodes: Int32Array;
  columnBits: number;
}

/** Bits of a 32-bit word for a column and a distance; the sign bit stays 0. */
const wordBits = 31;
const LEQ = 0;

/** Lays trees out in the fastest form; `null` for other comparisons, or if a word has too few bits. */
export function packTrees(trees: WideTrees): PackedTrees | null {
  const { roots, features, values, next, modes, missing, weights, targets, targetCount, columns, isDouble } =
    trees;
  const columnBits = Math.ceil(Math.log2(Math.max(columns, 1)));
  const furthest = 2 ** (wordBits - columnBits);
  const isLeaf = (index: number) => features[index]! < 0;
  const distance = (index: number) => 2 * (next[index]! - index);
  const fits = modes.every(
    (mode, index) => isLeaf(index) || (mode === LEQ && distance(index) > 0 && distance(index) < furthest),
  );
  if (missing !== null || !fits) {
    return null;
  }
  const wide = isDouble ? 2 : 1;
  const nodes = new Int32Array(2 * wide * values.length);
  const packed = isDouble ? new Float64Array(nodes.buffer) : new Float32Array(nodes.buffer);
  for (const [index, value] of values.entries()) {
    packed[2 * index + 1] = value;
    nodes[2 * wide * index] = isLeaf(index)
      ? ~next[index]!
      : distance(index) * 2 ** columnBits + features[index]!;
  }
  return {
    layout: 'packed',
    roots: roots.map(root => 2 * root),
    nodes,
    columnBits,
    weights,
    targets,
    targetCount,
    columns,
    isDouble,
  };
}
