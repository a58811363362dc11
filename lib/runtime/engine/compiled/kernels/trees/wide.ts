import type { Leaves, WideTrees } from './ensemble.ts';

const LEQ = 0;
const LT = 1;
const GTE = 2;
const GT = 3;
const EQ = 4;

/** Walks down trees whose nodes compare in any mode. */
export function wideLeaves({ features, values, next, modes, missing }: WideTrees): Leaves {
  function find(x: Float32Array | Float64Array, base: number, root: number): number {
    let node = root;
    for (let feature = features[node]!; feature >= 0; feature = features[node]!) {
      const value = x[base + feature]!;
      const isTrue =
        compare(value, values[node]!, modes[node]!) ||
        (missing !== null && missing[node] === 1 && Number.isNaN(value));
      node = isTrue ? next[node]! : node + 1;
    }
    return node;
  }
  return {
    find(x, base, stride, nodes) {
      for (let lane = 0; lane < nodes.length; lane++) {
        nodes[lane] = find(x, base + lane * stride, nodes[lane]!);
      }
    },
    values,
    valueOffset: 0,
    first: leaf => next[leaf]!,
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
