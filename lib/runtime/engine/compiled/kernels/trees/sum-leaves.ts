import { LEQ, type Trees, walker } from './ensemble.ts';
import type { Rows } from './rows.ts';

/** Rows that are scored together, tree by tree: they, and a tree, stay in the CPU's cache. */
const blockRows = 128;

/** What the leaves that a row comes to add up to. */
export interface Scores {
  /** Target by target of row after row. */
  sums: Float32Array | Float64Array;
  /** Which of them a leaf said something of. `null`: all. */
  known: Uint8Array | null;
}

/** Adds a leaf's weight to what the trees before it came to. */
export type Combine = (sum: number, weight: number, isFirst: boolean) => number;

/**
 * Scores rows. Sums are of the precision of the thresholds, in the order of the trees, as each store rounds.
 * @param combine - for other aggregates than a sum
 */
export function leafScorer(trees: Trees, combine?: Combine): (rows: Rows) => Scores {
  const score = trees.targetCount === 1 ? oneTarget(trees, combine) : severalTargets(trees, combine);
  const SumArray = trees.values instanceof Float32Array ? Float32Array : Float64Array;
  return rows => {
    const sums = new SumArray(rows.rows * trees.targetCount);
    const known = isDense(trees) ? null : new Uint8Array(sums.length);
    for (let start = 0; start < rows.rows; start += blockRows) {
      score(rows, { sums, known }, start, Math.min(rows.rows, start + blockRows));
    }
    return { sums, known };
  };
}

type ScoreBlock = (rows: Rows, scores: Scores, start: number, end: number) => void;

/** Whether every leaf has a weight for each target. */
function isDense({ targetCount, targets, roots }: Trees): boolean {
  return roots.length > 0 && (targetCount === 1 || targets.length === 0);
}

function oneTarget(trees: Trees, combine: Combine | undefined): ScoreBlock {
  if (combine === undefined && trees.mode === LEQ && trees.missing === null) {
    return sumLeq(trees);
  }
  const { roots, values } = trees;
  const walk = walker(trees);
  return ({ x, columns }, { sums }, start, end) => {
    for (let tree = 0; tree < roots.length; tree++) {
      const root = roots[tree]!;
      for (let row = start; row < end; row++) {
        const weight = values[walk(x, row * columns, root)]!;
        sums[row] = combine === undefined ? sums[row]! + weight : combine(sums[row]!, weight, tree === 0);
      }
    }
  };
}

/** What nearly every ensemble is, without a call for each tree and row. */
function sumLeq({ roots, features, values, next }: Trees): ScoreBlock {
  return ({ x, columns }, { sums }, start, end) => {
    for (let tree = 0; tree < roots.length; tree++) {
      const root = roots[tree]!;
      for (let row = start, base = start * columns; row < end; row++, base += columns) {
        let node = root;
        for (let feature = features[node]!; feature >= 0; feature = features[node]!) {
          node = x[base + feature]! <= values[node]! ? next[node]! : node + 1;
        }
        sums[row] = sums[row]! + values[node]!;
      }
    }
  };
}

function severalTargets(trees: Trees, combine: Combine | undefined): ScoreBlock {
  const { roots, values, next, weights, targets, targetCount } = trees;
  const walk = walker(trees);
  return ({ x, columns }, { sums, known }, start, end) => {
    for (let tree = 0; tree < roots.length; tree++) {
      const root = roots[tree]!;
      for (let row = start; row < end; row++) {
        const leaf = walk(x, row * columns, root);
        const first = next[leaf]!;
        const count = values[leaf]!;
        for (let i = 0; i < count; i++) {
          const weight = weights[first + i]!;
          const at = row * targetCount + (known === null ? i : targets[first + i]!);
          const isFirst = known === null ? tree === 0 : known[at] === 0;
          sums[at] = combine === undefined ? sums[at]! + weight : combine(sums[at]!, weight, isFirst);
          if (known !== null) {
            known[at] = 1;
          }
        }
      }
    }
  };
}
