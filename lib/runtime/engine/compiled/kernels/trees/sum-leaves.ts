import type { Leaves, Trees } from './ensemble.ts';
import { packedLeaves } from './packed.ts';
import type { Rows } from './rows.ts';
import { wideLeaves } from './wide.ts';

/** Rows scored together, tree by tree, so that they and a tree stay in the CPU's cache. */
const blockRows = 128;
/** The number of simultaneous walks. */
const lanes = 4;

/** The sums of the leaves that each row reaches. */
export interface Scores {
  /** In row-major order, one per target. */
  sums: Float32Array | Float64Array;
  /** The sums to which a leaf contributed; `null`: all. */
  known: Uint8Array | null;
}

/** Combines a leaf's weight with the result of the earlier trees. */
export type Combine = (sum: number, weight: number, isFirst: boolean) => number;

/**
 * Returns a function that scores rows. Sums have the precision of the thresholds and are rounded tree by tree.
 * @param combine - for aggregates other than a sum
 */
export function leafScorer(trees: Trees, combine?: Combine): (rows: Rows) => Scores {
  const { roots, targetCount, isDouble } = trees;
  const leaves = trees.layout === 'packed' ? packedLeaves(trees) : wideLeaves(trees);
  const add = adder(trees, leaves, combine);
  const SumArray = isDouble ? Float64Array : Float32Array;
  const walks: Walks = { nodes: new Int32Array(lanes), count: lanes, row: 0, step: 0, isFirst: false };
  const { nodes } = walks;

  /** Walks four trees at a time; the results of surplus lanes are ignored. */
  function scoreRow({ x, columns }: Rows, scores: Scores, row: number): void {
    walks.row = row;
    walks.step = 0;
    for (let tree = 0; tree < roots.length; tree += lanes) {
      for (let lane = 0; lane < lanes; lane++) {
        nodes[lane] = roots[Math.min(tree + lane, roots.length - 1)]!;
      }
      leaves.find(x, row * columns, 0, nodes);
      walks.count = Math.min(lanes, roots.length - tree);
      walks.isFirst = tree === 0;
      add(scores, walks);
    }
  }

  /** Walks four rows at a time, tree by tree. */
  function scoreBlock({ x, columns }: Rows, scores: Scores, start: number, end: number): void {
    walks.count = lanes;
    walks.step = 1;
    for (let tree = 0; tree < roots.length; tree++) {
      walks.isFirst = tree === 0;
      for (let row = start; row < end; row += lanes) {
        for (let lane = 0; lane < lanes; lane++) {
          nodes[lane] = roots[tree]!;
        }
        leaves.find(x, row * columns, columns, nodes);
        walks.row = row;
        add(scores, walks);
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

/** Walks that have reached their leaves: down one tree by several rows, or down several trees by one row. */
interface Walks {
  /** The leaf of each walk. */
  nodes: Int32Array;
  count: number;
  /** The row of the first walk. */
  row: number;
  /** The distance between the rows of two walks. */
  step: 0 | 1;
  /** Whether the first walk went down the first tree; with several rows, this applies to all walks. */
  isFirst: boolean;
}

/**
 * Adds the leaves' weights to the scores of their rows. One call serves all walks, with plain arrays: V8 inlines a
 * closure only while it is the only one of its kind, and a second open model would add another.
 */
type Add = (scores: Scores, walks: Walks) => void;

function adder(trees: Trees, leaves: Leaves, combine: Combine | undefined): Add {
  if (trees.targetCount > 1) {
    return addToSeveral(trees, leaves, combine);
  }
  return combine === undefined ? addToOne(leaves) : combineToOne(leaves, combine);
}

function addToOne({ values, valueOffset }: Leaves): Add {
  return ({ sums }, { nodes, count, row, step }) => {
    for (let walk = 0; walk < count; walk++) {
      const at = row + walk * step;
      sums[at] = sums[at]! + values[nodes[walk]! + valueOffset]!;
    }
  };
}

function combineToOne({ values, valueOffset }: Leaves, combine: Combine): Add {
  return ({ sums }, { nodes, count, row, step, isFirst }) => {
    for (let walk = 0; walk < count; walk++) {
      const at = row + walk * step;
      const weight = values[nodes[walk]! + valueOffset]!;
      sums[at] = combine(sums[at]!, weight, isFirst && (step === 1 || walk === 0));
    }
  };
}

function addToSeveral(
  { weights, targets, targetCount }: Trees,
  { values, valueOffset, first }: Leaves,
  combine: Combine | undefined,
): Add {
  return ({ sums, known }, { nodes, count, row, step, isFirst }) => {
    for (let walk = 0; walk < count; walk++) {
      const leaf = nodes[walk]!;
      const start = first(leaf);
      const end = start + values[leaf + valueOffset]!;
      const scores = (row + walk * step) * targetCount;
      for (let i = start; i < end; i++) {
        const weight = weights[i]!;
        const at = scores + (known === null ? i - start : targets[i]!);
        const isNew = known === null ? isFirst && (step === 1 || walk === 0) : known[at] === 0;
        sums[at] = combine === undefined ? sums[at]! + weight : combine(sums[at]!, weight, isNew);
        if (known !== null) {
          known[at] = 1;
        }
      }
    }
  };
}
