import { type Datatype, isBigInt, isFloat } from '../../contract/datatypes.ts';
import { engineNameOf, type Signature } from '../../contract/manifest.ts';
import { takesBatches } from '../../contract/signature.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import type { EdgeValues } from './edge-values.ts';
import { seededRandom } from './random-inputs.ts';
import { elementCount, makeTensor } from './tensors.ts';

interface Batch {
  /** `undefined` if the model accepts only one size. */
  rows?: number;
  isOdd: boolean;
  /** How many of the floats of an odd batch are odd. @default 0.1 */
  share?: number;
}

/** Engines change their algorithm at blocks of 128 rows. */
const batchSizes = [1, 2, 127, 128, 129, 1000];
/** The empty batch comes last because it crashes some models. */
const batches: Batch[] = [
  ...[false, true].flatMap(isOdd => batchSizes.map(rows => ({ rows, isOdd }))),
  { rows: 0, isOdd: false },
];
const plainOfOneSize: Batch[] = [{ isOdd: false }, { isOdd: false }];
/** A large input shows most of a kernel at once; of a small one it takes many. */
const oddElements = 512;
const mostOdd = 24;
/** One odd number among plain ones, some, and nothing else: a few in a window show what many of them hide. */
const oddShares = [0.1, 0.02, 0.5, 1];

/** Batches with an input of more elements are skipped. */
const maxElements = 2 ** 20;

/**
 * Not up to the largest number of a type: whether sums of such numbers become infinite on the way depends on the order of
 * a convolution's sum, and a model would run on ONNX Runtime for a difference that no caller's data has.
 * bench/engines/contract.ts sends them.
 */
const oddNumbers = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0,
  1e-40,
  -1e-40,
  1e10,
  -1e10,
];

/**
 * Makes inputs on the edges of the model's decisions. Plain ones are such as callers send; odd ones include NaN,
 * infinities and categories that the model does not know, which it may reject.
 * @param like - inputs that the model answered, as examples of sizes that it accepts
 */
export function edgeInputs(
  { inputs: specs, ...signature }: Signature,
  like: readonly ProbeTensor[],
  { values, seed }: { values: EdgeValues; seed: number },
): ProbeTensor[][] {
  const random = seededRandom(seed);
  const chosen = takesBatches({ ...signature, inputs: specs }) ? batches : ofOneSize(like);
  return chosen.flatMap(({ rows, isOdd, share }) => {
    const shapes = specs.map(spec => {
      const dims = like.find(({ name }) => name === engineNameOf(spec))?.dims ?? [];
      return dims.map((size, axis) => (axis === spec.rowAxis ? (rows ?? size) : size));
    });
    if (shapes.some(dims => elementCount(dims) > maxElements)) {
      return [];
    }
    return [
      specs.map((spec, index) => {
        const dims = shapes[index]!;
        const draw = drawing(spec.datatype, { values, random, isOdd, share });
        const columns = values.columns.get(engineNameOf(spec));
        const width = dims.at(-1) ?? 1;
        const data = Array.from({ length: elementCount(dims) }, (_, at) => draw(columns?.[at % width]));
        return makeTensor(spec, dims, data);
      }),
    ];
  });
}

function ofOneSize(like: readonly ProbeTensor[]): Batch[] {
  const elements = like.reduce((sum, { dims }) => sum + elementCount(dims), 0);
  const count = Math.min(mostOdd, Math.max(oddShares.length, Math.ceil(oddElements / Math.max(1, elements))));
  const odd = Array.from({ length: count }, (_, index) => ({
    isOdd: true,
    share: oddShares[index % oddShares.length]!,
  }));
  return [...plainOfOneSize, ...odd];
}

type Draw = (thresholds: readonly number[] | undefined) => unknown;

function drawing(
  datatype: Datatype,
  {
    values,
    random,
    isOdd,
    share = 0.1,
  }: { values: EdgeValues; random: () => number; isOdd: boolean; share?: number | undefined },
): Draw {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const chance = (probability: number) => random() < probability;
  const near = (thresholds: readonly number[] | undefined) => {
    const edge = pick(thresholds ?? values.numbers) ?? 0;
    return pick([edge, neighbour(datatype, edge, 1), neighbour(datatype, edge, -1), random() * 8 - 4])!;
  };
  const whole = (thresholds: readonly number[] | undefined) => {
    const known =
      pick(values.integers) ?? BigInt(Math.round(Math.max(-1e6, Math.min(1e6, near(thresholds)) || 0)));
    return chance(isOdd ? 0.3 : 0.1) ? BigInt(Math.floor(random() * 12) - 2) : known;
  };
  if (isFloat(datatype)) {
    return thresholds => (isOdd && chance(share) ? pick(oddNumbers) : near(thresholds));
  }
  if (isBigInt(datatype)) {
    return whole;
  }
  switch (datatype) {
    case 'BOOL':
      return () => Number(chance(0.5));
    case 'BYTES':
      return () => text(values, { pick, chance, isOdd });
    default:
      return thresholds => Number(BigInt.asIntN(31, whole(thresholds)));
  }
}

/** Picks a word that the model knows, or several if it takes texts; odd ones may be unknown, empty, or in capitals. */
function text(
  { strings: words, isText }: EdgeValues,
  {
    pick,
    chance,
    isOdd,
  }: {
    pick: <T>(list: readonly T[]) => T | undefined;
    chance: (probability: number) => boolean;
    isOdd: boolean;
  },
): string {
  const word = () => {
    const known = pick(words) ?? 'word';
    return isOdd && chance(0.3)
      ? pick(['', 'unknown', known.toUpperCase(), `${known}!`, ' ', 'É ß 日本'])!
      : known;
  };
  return isText && chance(0.6) ? [word(), word(), word()].join(' ') : word();
}

// Reused, because a proof needs a neighbour for nearly every number that it makes.
const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);
const double = new Float64Array(1);
const doubleBits = new BigInt64Array(double.buffer);

/** Returns the adjacent number above or below, in the type's precision. */
function neighbour(datatype: Datatype, value: number, direction: 1 | -1): number {
  const isSingle = datatype !== 'FP64';
  const floats = isSingle ? single : double;
  floats[0] = value;
  if (floats[0] === 0 || !Number.isFinite(floats[0])) {
    return direction * (isSingle ? 1.401298464324817e-45 : Number.MIN_VALUE);
  }
  const step = floats[0]! > 0 === direction > 0 ? 1 : -1;
  if (isSingle) {
    singleBits[0]! += step;
  } else {
    doubleBits[0]! += BigInt(step);
  }
  return floats[0]!;
}
