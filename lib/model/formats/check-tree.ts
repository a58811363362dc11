import type { Tree } from './booster.ts';
import { invalid } from './invalid.ts';

/**
 * Checks that the nodes form a tree: every child exists and has one parent, and no node is its own ancestor; and that
 * thresholds and leaves are numbers. `checkFeatures` checks that the model has the features.
 * @throws ColdpressError BOOSTER_INVALID
 */
export function checkTree(
  library: string,
  index: number,
  { left, right, feature, threshold, value, categories, linear, vectors }: Tree,
): void {
  const wrong = (what: string) => invalid(library, `tree ${index} ${what}`);
  const count = left.length;
  const seen = new Uint8Array(count);
  const open = [0];
  while (open.length > 0) {
    const node = open.pop()!;
    if (!(node >= 0 && node < count)) {
      throw wrong(`has no node ${node}`);
    }
    if (seen[node] === 1) {
      throw wrong(`has node ${node} in two places`);
    }
    seen[node] = 1;
    if (left[node] === -1) {
      if (vectors === undefined && linear?.get(node) === undefined && !Number.isFinite(value[node])) {
        throw wrong(`has a leaf of ${value[node]}`);
      }
      continue;
    }
    if (feature[node]! < 0) {
      throw wrong(`splits feature ${feature[node]}`);
    }
    if (!categories.has(node) && Number.isNaN(threshold[node])) {
      throw wrong(`has a threshold that is not a number`);
    }
    open.push(right[node]!, left[node]!);
  }
}
