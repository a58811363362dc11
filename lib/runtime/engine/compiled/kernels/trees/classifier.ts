import { EngineTensor } from '../../../tensor.ts';
import type { Kernel } from '../../kernel.ts';
import { type ClassLabels, labelTensor } from '../labels.ts';
import { logistic, type PostTransform, probit, transformScores } from '../post-transform.ts';
import type { Trees } from './ensemble.ts';
import { type Rows, rowsOf } from './rows.ts';
import { leafScorer, type Scores } from './sum-leaves.ts';

export type ClassifierSettings = Trees & {
  base: Float32Array | Float64Array;
  transform: PostTransform;
  /** For two classes with weights for both, ONNX Runtime returns 0 and 1 whatever the integer labels are. */
  labels: ClassLabels;
  /** Whether there are two classes and all weights belong to one. */
  isBinary: boolean;
  /** The class of all weights, if each leaf has a weight for it; the trees then have one target. */
  onlyClass: number | null;
  /** Whether no weight is negative. */
  isPositive: boolean;
};

/** Decides a row: returns its class and writes its scores in place. */
type Decide = (scores: Scores, row: number) => number;

/** https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleClassifier.html */
export const treeEnsembleClassifier: Kernel<ClassifierSettings> = settings => {
  const { columns, labels, targetCount, onlyClass } = settings;
  const sum = leafScorer(settings);
  const score = onlyClass === null ? sum : (rows: Rows) => spreadClass(sum(rows), onlyClass);
  const classCount = onlyClass === null ? targetCount : 2;
  const decide = classCount > 2 ? decideSeveral(settings) : decideTwo(settings);
  return (input: EngineTensor) => {
    const rows = rowsOf('TreeEnsembleClassifier', input, columns);
    const scores = score(rows);
    const classes = new Int32Array(rows.rows);
    for (let row = 0; row < rows.rows; row++) {
      classes[row] = decide(scores, row);
    }
    const data = Float32Array.from(scores.sums);
    return [labelTensor(labels, classes), new EngineTensor('float32', data, [rows.rows, classCount])];
  };
};

/** Makes room for the scores of two classes, of which the leaves know one. */
function spreadClass({ sums: known }: Scores, onlyClass: number): Scores {
  const sums = new (known.constructor as Float32ArrayConstructor)(2 * known.length);
  const isKnown = new Uint8Array(sums.length);
  for (let row = 0; row < known.length; row++) {
    sums[2 * row + onlyClass] = known[row]!;
    isKnown[2 * row + onlyClass] = 1;
  }
  return { sums, known: isKnown };
}

/** Returns the first of the greatest scores; classes without a leaf's vote are skipped and score 0. */
function decideSeveral({ base, targetCount, transform }: ClassifierSettings): Decide {
  return ({ sums, known }, row) => {
    const start = row * targetCount;
    let best = -1;
    for (let i = 0; i < targetCount; i++) {
      const at = start + i;
      if (base.length > 0) {
        sums[at] = sums[at]! + base[i]!;
      } else if (known !== null && known[at] === 0) {
        continue;
      }
      if (best < 0 || sums[at]! > sums[start + best]!) {
        best = i;
      }
    }
    transformScores(sums, start, targetCount, transform);
    return Math.max(best, 0);
  };
}

/**
 * Decides between two classes as ONNX Runtime 1.30 does, which the specification leaves open: the result depends on
 * which of them the row's leaves have weights for, and on the number of base values.
 */
function decideTwo(settings: ClassifierSettings): Decide {
  const { base, transform, isBinary, isPositive } = settings;
  const threshold = isBinary && isPositive ? 0.5 : 0;
  return ({ sums, known }, row) => {
    const [first, second] = [2 * row, 2 * row + 1];
    const hasFirst = known === null || known[first] === 1;
    const hasSecond = known === null || known[second] === 1;
    if (base.length === 2 && hasSecond) {
      sums[second] = base[1]! + sums[first]!;
      sums[first] = -sums[second]!;
    } else if (base.length > 0) {
      sums[first] = sums[first]! + base[0]!;
    }
    sums[first] = hasFirst ? sums[first]! : 0;
    const isSecond = (hasSecond ? sums[second]! : sums[first]!) > threshold;
    if (hasSecond || base.length === 2) {
      transformScores(sums, first, 2, transform);
    } else {
      spread(sums, first, settings);
    }
    return isSecond ? 1 : 0;
  };
}

/** Turns the first class's score into two scores. */
function spread(
  sums: Scores['sums'],
  at: number,
  { transform, isBinary, isPositive, base }: ClassifierSettings,
): void {
  const score = sums[at]!;
  if (transform === 'PROBIT') {
    sums[at] = probit(score);
  } else if (!isBinary && base.length > 0) {
    sums[at + 1] = 0;
  } else if (transform === 'LOGISTIC') {
    sums[at] = logistic(-score);
    sums[at + 1] = logistic(score);
  } else {
    sums[at] = isBinary && isPositive ? 1 - score : -score;
    sums[at + 1] = score;
  }
}
