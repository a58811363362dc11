import { EngineTensor } from '../../../tensor.ts';
import { asFloat32 } from '../../as-float32.ts';
import type { Kernel } from '../../kernel.ts';
import { type ClassLabels, labelTensor } from '../labels.ts';
import { matrixOf, type Weights } from '../linear/dot-rows.ts';
import { transformRows } from '../linear/transform-rows.ts';
import { logistic, type PostTransform } from '../post-transform.ts';
import { couplePairs } from './couple-pairs.ts';
import { type KernelFunction, similarities } from './kernel-function.ts';

export interface SvmClassifierSettings extends KernelFunction {
  labels: ClassLabels;
  classCount: number;
  /** Support vectors, grouped by class; `null` for a linear model. */
  vectors: Float32Array | null;
  vectorsPerClass: number[];
  coefficients: Float32Array;
  rho: Float32Array;
  /** For each pair of classes, if the scores are probabilities. */
  probA: Float32Array;
  probB: Float32Array;
  transform: PostTransform;
}

const { fround } = Math;

/** https://onnx.ai/onnx/operators/onnx_aionnxml_SVMClassifier.html */
export const svmClassifier: Kernel<SvmClassifierSettings> = settings =>
  settings.vectors === null ? linear(settings) : byVotes(settings, settings.vectors);

/** One row of coefficients per class; the first of the greatest scores wins. */
function linear({ labels, classCount, coefficients, rho, transform, ...kernel }: SvmClassifierSettings) {
  const weights: Weights = {
    data: coefficients,
    rows: classCount,
    columns: Math.floor(coefficients.length / classCount),
  };
  const isPositive = coefficients.every(value => value >= 0);
  return (input: EngineTensor) => {
    const rows = matrixOf('SVMClassifier', { data: asFloat32(input), dims: input.dims }, weights.columns);
    const scores = similarities({ ...kernel, function: 'LINEAR' }, rows, weights, rho[0]!);
    const classes = new Int32Array(rows.rows);
    for (let row = 0; row < rows.rows; row++) {
      const own = scores.subarray(row * classCount, (row + 1) * classCount);
      const best = firstOfGreatest(own);
      const isSecond = classCount === 2 && (isPositive ? own[best]! >= 0.5 : own[best]! > 0);
      classes[row] = isSecond ? 1 : best;
      transformRows(own, classCount, transform);
    }
    return [labelTensor(labels, classes), new EngineTensor('float32', scores, [rows.rows, classCount])];
  };
}

/** Every pair of classes votes. */
function byVotes(settings: SvmClassifierSettings, vectors: Float32Array) {
  const { labels, classCount, vectorsPerClass, probA, transform } = settings;
  const vectorCount = vectorsPerClass.reduce((sum, count) => sum + count, 0);
  const columns = Math.floor(vectors.length / vectorCount);
  const support: Weights = { data: vectors, rows: vectorCount, columns };
  const pairCount = (classCount * (classCount - 1)) / 2;
  const hasProbabilities = probA.length > 0;
  const width = hasProbabilities ? classCount : classCount > 2 ? pairCount : 2;
  return (input: EngineTensor) => {
    const rows = matrixOf('SVMClassifier', { data: asFloat32(input), dims: input.dims }, columns);
    const near = similarities(settings, rows, support);
    const scores = new Float32Array(rows.rows * width);
    const classes = new Int32Array(rows.rows);
    const pairs = new Float32Array(pairCount);
    const votes = new Int32Array(classCount);
    for (let row = 0; row < rows.rows; row++) {
      comparePairs(settings, near.subarray(row * vectorCount, (row + 1) * vectorCount), { pairs, votes });
      classes[row] = firstOfGreatest(votes);
      const own = scores.subarray(row * width, (row + 1) * width);
      if (hasProbabilities) {
        couplePairs(pairProbabilities(settings, pairs), classCount, own);
        transformRows(own, width, transform);
      } else if (classCount > 2) {
        own.set(pairs);
        transformRows(own, width, transform);
      } else {
        const score = transform === 'LOGISTIC' ? logistic(pairs[0]!) : pairs[0]!;
        own[0] = transform === 'NONE' ? -score : 1 - score;
        own[1] = score;
      }
    }
    return [labelTensor(labels, classes), new EngineTensor('float32', scores, [rows.rows, width])];
  };
}

/** Computes the scores of each pair of classes, summed in double; a positive score is a vote for the first class. */
function comparePairs(
  { vectorsPerClass, classCount, coefficients, rho }: SvmClassifierSettings,
  near: Float32Array,
  { pairs, votes }: { pairs: Float32Array; votes: Int32Array },
): void {
  votes.fill(0);
  let pair = 0;
  let startI = 0;
  for (let i = 0; i < classCount - 1; i++) {
    let startJ = startI + vectorsPerClass[i]!;
    for (let j = i + 1; j < classCount; j++) {
      const endJ = startJ + vectorsPerClass[j]!;
      let sum = 0;
      for (let at = startI; at < startI + vectorsPerClass[i]!; at++) {
        sum += fround(coefficients[(j - 1) * near.length + at]! * near[at]!);
      }
      for (let at = startJ; at < endJ; at++) {
        sum += fround(coefficients[i * near.length + at]! * near[at]!);
      }
      sum += rho[pair]!;
      pairs[pair++] = sum;
      votes[sum > 0 ? i : j]!++;
      startJ = endJ;
    }
    startI += vectorsPerClass[i]!;
  }
}

const least = fround(1e-7);
const most = fround(1 - least);

function pairProbabilities(
  { classCount, probA, probB }: SvmClassifierSettings,
  pairs: Float32Array,
): Float32Array {
  const out = new Float32Array(classCount * classCount);
  let pair = 0;
  for (let i = 0; i < classCount - 1; i++) {
    for (let j = i + 1; j < classCount; j++, pair++) {
      const raw = fround(1 - logistic(fround(fround(pairs[pair]! * probA[pair]!) + probB[pair]!)));
      const clamped = Math.min(Math.max(raw, least), most);
      out[i * classCount + j] = clamped;
      out[j * classCount + i] = 1 - clamped;
    }
  }
  return out;
}

function firstOfGreatest(values: Float32Array | Int32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    best = values[i]! > values[best]! ? i : best;
  }
  return best;
}
