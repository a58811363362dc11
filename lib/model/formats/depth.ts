import type { Tree } from './booster.ts';

/** Splits on the longest way down of any of the trees. */
export function greatestDepth(trees: readonly Tree[]): number {
  return trees.reduce((most, tree) => Math.max(most, depthOf(tree)), 0);
}

/** Children come after their parents in both libraries' files, or not: each node is looked at once. */
function depthOf({ left, right }: Tree): number {
  let depth = 0;
  const open: [node: number, depth: number][] = [[0, 0]];
  while (open.length > 0) {
    const [node, own] = open.pop()!;
    depth = Math.max(depth, own);
    if (left[node] !== -1) {
      open.push([left[node]!, own + 1], [right[node]!, own + 1]);
    }
  }
  return depth;
}
