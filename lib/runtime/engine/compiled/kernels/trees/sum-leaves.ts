import type { Leaves, Trees } from './ensemble.ts';
import { packedLeaves } from './packed.ts';
import type { Rows } from './rows.ts';
import { wideLeaves } from './wide.ts';

/** Rows that are scored together, tree by tree: they, and a tree, stay in the CPU's cache. */
const blockRows = 128;
/** Walks that go down at a time. */
const lanes = 4;

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
  const { roots, targetCount, isDouble } = trees;
  const leaves = trees.layout === 'packed' ? packedLeaves(trees) : wideLeaves(trees);
  const add = adder(trees, leaves, combine);
  const SumArray = isDouble ? Float64Array : Float32Array;
  const nodes = new Int32Array(lanes);

  /** Four trees at a time, and what is left of them in lanes that walk in vain. */
  function scoreRow({ x, columns }: Rows, scores: Scores, row: number): void {
    for (let tree = 0; tree < roots.length; tree += lanes) {
      for (let lane = 0; lane < lanes; lane++) {
        nodes[lane] = roots[Math.min(tree + lane, roots.length - 1)]!;
      }
      leaves.find(x, row * columns, 0, nodes);
      for (let lane = 0; lane < lanes && tree + lane < roots.length; lane++) {
        add(scores, row, nodes[lane]!, tree + lane === 0);
      }
    }
  }

  /** Four rows at a time, tree by tree. */
  function scoreBlock({ x, columns }: Rows, scores: Scores, start: number, end: number): void {
    for (let tree = 0; tree < roots.length; tree++) {
      for (let row = start; row < end; row += lanes) {
        for (let lane = 0; lane < lanes; lane++) {
          nodes[lane] = roots[tree]!;
        }
        leaves.find(x, row * columns, columns, nodes);
        for (let lane = 0; lane < lanes; lane++) {
          add(scores, row + lane, nodes[lane]!, tree === 0);
        }
      }
    }
  }

  return rows => {
    const sums = new SumArray(rows.rows * targetCount);
    const scores = { sums, known: isDense(trees) ? null : new Uint8Array(sums.length) };
    const whole = rows.rows - (rows.rows % lanes);
    for (let start = 0; start < whole; start += blockRows) {
      scoreBlock(rows, scores, start, Math.min(whole, start + blockRows));
    }
    for (let row = whole; row < rows.rows; row++) {
      scoreRow(rows, scores, row);
    }
    return scores;
  };
}

/** Whether every leaf has a weight for each target. */
function isDense({ targetCount, targets, roots }: Trees): boolean {
  return roots.length > 0 && (targetCount === 1 || targets.length === 0);
}

/** Adds what a leaf says to the scores of a row. */
type Add = (scores: Scores, row: number, leaf: number, isFirstTree: boolean) => void;

function adder(trees: Trees, leaves: Leaves, combine: Combine | undefined): Add {
  return trees.targetCount === 1 ? addToOne(leaves, combine) : addToSeveral(trees, leaves, combine);
}

function addToOne({ value }: Leaves, combine: Combine | undefined): Add {
  if (combine === undefined) {
    return ({ sums }, row, leaf) => {
      sums[row] = sums[row]! + value(leaf);
    };
  }
  return ({ sums }, row, leaf, isFirst) => {
    sums[row] = combine(sums[row]!, value(leaf), isFirst);
  };
}

function addToSeveral(
  { weights, targets, targetCount }: Trees,
  { first, value }: Leaves,
  combine: Combine | undefined,
): Add {
  return ({ sums, known }, row, leaf, isFirstTree) => {
    const start = first(leaf);
    const count = value(leaf);
    for (let i = 0; i < count; i++) {
      const weight = weights[start + i]!;
      const at = row * targetCount + (known === null ? i : targets[start + i]!);
      const isFirst = known === null ? isFirstTree : known[at] === 0;
      sums[at] = combine === undefined ? sums[at]! + weight : combine(sums[at]!, weight, isFirst);
      if (known !== null) {
        known[at] = 1;
      }
    }
  };
}
