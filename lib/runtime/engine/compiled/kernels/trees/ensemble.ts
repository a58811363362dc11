/** The trees of an ensemble, as `lib/model/compile/operators/trees.ts` lays them out. */
export interface Trees {
  /** The first node of each tree. */
  roots: Int32Array;
  /** The column that a node compares; -1 marks a leaf. The false child of a node is the next node. */
  features: Int16Array | Int32Array;
  /** Thresholds. A leaf has its weight here where there is one target, else how many weights it has. */
  values: Float32Array | Float64Array;
  /** Where the true child of a node is, or the first weight of a leaf. */
  next: Int32Array;
  /** How all nodes compare, or -1 where each has a mode of its own. */
  mode: number;
  modes: Uint8Array | null;
  /** Nodes whose true child NaN goes to; `null` where there are none. */
  missing: Uint8Array | null;
  /** Weights of the leaves, where there are several targets. */
  weights: Float32Array | Float64Array;
  targets: Uint16Array | Int32Array;
  targetCount: number;
  /** How many columns a row must have. */
  columns: number;
}

export const LEQ = 0;
const LT = 1;
const GTE = 2;
const GT = 3;
const EQ = 4;

/** Goes down a tree from a node: the leaf that a row of `x`, which begins at `base`, comes to. */
export type Walk = (x: Float32Array | Float64Array, base: number, root: number) => number;

export function walker(trees: Trees): Walk {
  return trees.mode === LEQ && trees.missing === null ? walkLeq(trees) : walkAny(trees);
}

/** What nearly every ensemble compares by. NaN is never below a threshold. */
function walkLeq({ features, values, next }: Trees): Walk {
  return (x, base, root) => {
    let node = root;
    for (let feature = features[node]!; feature >= 0; feature = features[node]!) {
      node = x[base + feature]! <= values[node]! ? next[node]! : node + 1;
    }
    return node;
  };
}

function walkAny({ features, values, next, mode, modes, missing }: Trees): Walk {
  return (x, base, root) => {
    let node = root;
    for (let feature = features[node]!; feature >= 0; feature = features[node]!) {
      const value = x[base + feature]!;
      const isTrue =
        compare(value, values[node]!, modes === null ? mode : modes[node]!) ||
        (missing !== null && missing[node] === 1 && Number.isNaN(value));
      node = isTrue ? next[node]! : node + 1;
    }
    return node;
  };
}

function compare(value: number, threshold: number, mode: number): boolean {
  switch (mode) {
    case LEQ:
      return value <= threshold;
    case LT:
      return value < threshold;
    case GTE:
      return value >= threshold;
    case GT:
      return value > threshold;
    case EQ:
      return value === threshold;
    default:
      return value !== threshold;
  }
}
