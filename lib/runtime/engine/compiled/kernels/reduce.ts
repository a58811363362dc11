import { EngineTensor } from '../../tensor.ts';
import { arrayLike, isBig } from '../array-like.ts';
import { integersOf } from '../integers.ts';
import type { Kernel } from '../kernel.ts';
import { rangeOf } from '../range-of.ts';
import { axisOf, stridedPositions, stridesOf } from '../shape.ts';
import {
  type At,
  combinePackets,
  double,
  exact,
  type Precision,
  single,
  sumOneByOne,
  sumPackets,
} from './reduce-sums.ts';

interface Reduction {
  operator: string;
  /**
   * Reduces the elements of one group, in the type's precision.
   * @param isAll - whether all axes are reduced
   */
  numbers(at: At, group: Uint32Array, precision: Precision, isAll: boolean): number;
  /** Reduces 64-bit integers, if that is exact. */
  bigs?(data: BigInt64Array, group: Uint32Array): bigint;
  /** The result for no elements, if it is an end of the type's range. */
  none?: 'least' | 'greatest';
}

interface Settings {
  /** `null` if the axes are the second input; without either, all axes are reduced. */
  axes: number[] | null;
  keepsDims: boolean;
  /** Whether an empty list of axes reduces nothing. */
  isNoop: boolean;
}

function reduction({ operator, numbers, bigs, none }: Reduction): Kernel<Settings> {
  return ({ axes, keepsDims, isNoop }) =>
    (x: EngineTensor, axesInput: EngineTensor | undefined) => {
      const listed = axes ?? (axesInput === undefined ? [] : integersOf(axesInput));
      // ONNX Runtime ignores negative axes of an empty tensor.
      const given = x.data.length > 0 ? listed : listed.filter(axis => axis >= 0 && axis < x.dims.length);
      if (given.length === 0 && (isNoop || listed.length > 0)) {
        return [x];
      }
      const { dims, groups, positions, isAll } = group(operator, x.dims, { axes: given, keepsDims });
      const out = arrayLike(x.data, groups.length) as Float32Array;
      if (positions.length === 0 && none !== undefined) {
        return [new EngineTensor(x.type, out.fill(rangeOf(out)[none] as number), dims)];
      }
      const data = x.data;
      const at: At = position => Number(data[position]);
      const precision = data instanceof Float32Array ? single : data instanceof Float64Array ? double : exact;
      const members = new Uint32Array(positions.length);
      for (let i = 0; i < groups.length; i++) {
        for (let j = 0; j < positions.length; j++) {
          members[j] = groups[i]! + positions[j]!;
        }
        out[i] = (
          isBig(data)
            ? (bigs?.(data as BigInt64Array, members) ??
              BigInt(Math.trunc(numbers(at, members, precision, isAll))))
            : numbers(at, members, precision, isAll)
        ) as number;
      }
      return [new EngineTensor(x.type, out, dims)];
    };
}

/** Returns the start of each group of elements, and its members' distances from there. */
export function group(
  operator: string,
  dims: readonly number[],
  { axes, keepsDims }: { axes: readonly number[]; keepsDims: boolean },
) {
  const reduced = new Set(
    axes.length === 0 ? dims.keys() : axes.map(axis => axisOf(operator, axis, dims.length)),
  );
  const strides = stridesOf(dims);
  const pick = (isWanted: (axis: number) => boolean, list: readonly number[]) =>
    list.filter((_, axis) => isWanted(axis));
  const isReduced = (axis: number) => reduced.has(axis);
  const isKept = (axis: number) => !reduced.has(axis);
  return {
    dims: keepsDims ? dims.map((size, axis) => (isReduced(axis) ? 1 : size)) : pick(isKept, dims),
    groups: stridedPositions(pick(isKept, dims), pick(isKept, strides)),
    positions: stridedPositions(pick(isReduced, dims), pick(isReduced, strides)),
    isAll: reduced.size === dims.length,
  };
}

function bigTotal(data: BigInt64Array, group: Uint32Array, of: (value: bigint) => bigint): bigint {
  let sum = 0n;
  for (const position of group) {
    sum += of(data[position]!);
  }
  return sum;
}

function bigProduct(data: BigInt64Array, group: Uint32Array): bigint {
  let product = 1n;
  for (const position of group) {
    product = BigInt.asIntN(64, product * data[position]!);
  }
  return product;
}

export const reduceSum: Kernel<Settings> = (settings, constants) =>
  reduction({
    operator: 'ReduceSum',
    numbers: sumPackets,
    bigs: (data, group) => bigTotal(data, group, value => value),
  })(settings, constants);

export const reduceMean: Kernel<Settings> = (settings, constants) =>
  reduction({
    operator: 'ReduceMean',
    numbers: (at, group, precision) => sumPackets(at, group, precision) / Math.max(1, group.length),
  })(settings, constants);

export const reduceProd: Kernel<Settings> = (settings, constants) =>
  reduction({
    operator: 'ReduceProd',
    numbers: (at, group, { round }) => group.reduce((product, position) => round(product * at(position)), 1),
    bigs: bigProduct,
  })(settings, constants);

export const reduceMax: Kernel<Settings> = (settings, constants) =>
  reduction({
    operator: 'ReduceMax',
    numbers: (at, group, precision) => extreme(at, group, precision, greater),
    bigs: (data, group) => bigExtreme(data, group, (a, b) => a > b),
    none: 'least',
  })(settings, constants);

export const reduceMin: Kernel<Settings> = (settings, constants) =>
  reduction({
    operator: 'ReduceMin',
    numbers: (at, group, precision) => extreme(at, group, precision, (a, b) => (b < a ? b : a)),
    bigs: (data, group) => bigExtreme(data, group, (a, b) => a < b),
    none: 'greatest',
  })(settings, constants);

/** The greater; the first if one is NaN. */
const greater = (a: number, b: number) => (b > a ? b : a);

/** Whether the result is NaN depends on where a NaN is, and so on the order of comparisons. */
function extreme(
  at: At,
  group: Uint32Array,
  precision: Precision,
  choose: (a: number, b: number) => number,
): number {
  const chosen = combinePackets(at, group, precision, choose);
  return chosen ?? group.reduce((all, position) => choose(all, at(position)), at(group[0]!));
}

function bigExtreme(
  data: BigInt64Array,
  group: Uint32Array,
  isBetter: (a: bigint, b: bigint) => boolean,
): bigint {
  let chosen = data[group[0]!]!;
  for (const position of group) {
    chosen = isBetter(data[position]!, chosen) ? data[position]! : chosen;
  }
  return chosen;
}

export const reduceL1: Kernel<Settings> = (settings, constants) =>
  reduction({
    operator: 'ReduceL1',
    numbers: (at, group, precision) => sumOneByOne(at, group, precision, Math.abs),
  })(settings, constants);

const square = (value: number) => value * value;

export const reduceL2: Kernel<Settings> = (settings, constants) =>
  reduction({
    operator: 'ReduceL2',
    numbers: (at, group, precision) => Math.sqrt(sumOneByOne(at, group, precision, square)),
  })(settings, constants);

export const reduceSumSquare: Kernel<Settings> = (settings, constants) =>
  reduction({
    operator: 'ReduceSumSquare',
    numbers: (at, group, precision) => sumOneByOne(at, group, precision, square),
    bigs: (data, group) => bigTotal(data, group, value => value * value),
  })(settings, constants);

export const reduceLogSum: Kernel<Settings> = (settings, constants) =>
  reduction({
    operator: 'ReduceLogSum',
    numbers: (at, group, precision) => Math.log(sumOneByOne(at, group, precision)),
  })(settings, constants);

export const reduceLogSumExp: Kernel<Settings> = (settings, constants) =>
  reduction({ operator: 'ReduceLogSumExp', numbers: logSumExp })(settings, constants);

/** Rounds each step as ONNX Runtime does: if the maximum is large, its last bit is a large part of the rest. */
function logSumExp(at: At, group: Uint32Array, precision: Precision, isAll: boolean): number {
  const { round } = precision;
  if (group.length === 0) {
    return Number.NEGATIVE_INFINITY;
  }
  const most = isAll ? extreme(at, group, precision, greater) : greatestFinite(at, group);
  if (Math.abs(most) === Number.POSITIVE_INFINITY) {
    return most;
  }
  let sum = 0;
  for (const position of group) {
    sum = round(sum + round(Math.exp(round(at(position) - most))));
  }
  return round(Math.log(sum)) + most;
}

/** ONNX Runtime starts at 0 where the first number is infinite, even if all others are less. */
function greatestFinite(at: At, group: Uint32Array): number {
  const first = group.length === 0 ? 0 : at(group[0]!);
  let most = Math.abs(first) === Number.POSITIVE_INFINITY ? 0 : first;
  for (const position of group) {
    const value = at(position);
    most = Number.isFinite(value) && !(value < most) ? value : most;
  }
  return most;
}
