import type { SizeTerm } from '../../contract/manifest.ts';

/** The size of a dimension that a node made, for given sizes of the inputs. */
export interface Observation {
  sizes: readonly number[];
  made: number;
}

/** Deviation from a straight line that the rounding of strides and windows can cause. */
const ROUNDING = 2;
/** If the slope increases by a larger factor between two sizes and their doubles, growth is quadratic. */
const SQUARE_GROWTH = 1.5;

/**
 * Fits a dimension as a sum of terms in the sizes of the inputs: linear, quadratic, and products of two. The result is
 * at least as large as every observation.
 * @param base - sizes that the others differ from in one or two places
 */
export function fitDimension(base: readonly number[], observations: readonly Observation[]): SizeTerm[] {
  const at = observations.find(({ sizes }) => sizes.every((size, index) => size === base[index]));
  if (at === undefined || observations.every(({ made }) => made === at.made)) {
    return [[Math.max(0, ...observations.map(({ made }) => made))]];
  }
  const terms = base.flatMap((_, index) => growth(index, base, observations));
  for (const [i, j] of pairs(base.length)) {
    terms.push(...productGrowth([i, j], base, observations));
  }
  const rest = Math.max(...observations.map(({ sizes, made }) => made - evaluate(terms, sizes)));
  return withConstant(terms, rest);
}

/** Returns the sum of the terms for the given sizes. */
export function evaluate(terms: readonly SizeTerm[], sizes: readonly number[]): number {
  return terms.reduce(
    (sum, [factor, ...of]) => sum + of.reduce((product, index) => product * sizes[index]!, factor),
    0,
  );
}

/** Returns the terms in one size alone. */
function growth(index: number, base: readonly number[], observations: readonly Observation[]): SizeTerm[] {
  const line = observations
    .filter(({ sizes }) => differing(sizes, base).every(other => other === index))
    .map(({ sizes, made }) => ({ x: sizes[index]!, y: made }))
    .toSorted((a, b) => a.x - b.x);
  const slopes = line.slice(1).map(({ x, y }, before) => {
    const from = line[before]!;
    return { slope: (y - from.y) / (x - from.x), middle: (x + from.x) / 2, step: x - from.x };
  });
  const [last, before] = slopes.toReversed();
  if (last === undefined) {
    return [];
  }
  const steepest = Math.max(0, ...slopes.map(({ slope }) => slope));
  const isSquare = before !== undefined && last.slope > SQUARE_GROWTH * before.slope + ROUNDING / before.step;
  if (!isSquare) {
    return steepest === 0 ? [] : [[steepest, index]];
  }
  const factor = (last.slope - before.slope) / (2 * (last.middle - before.middle));
  return [
    [factor, index, index],
    [before.slope - 2 * factor * before.middle, index],
  ];
}

/** Returns the terms in the product of two sizes: the growth beyond what each causes alone. */
function productGrowth(
  [i, j]: [number, number],
  base: readonly number[],
  observations: readonly Observation[],
): SizeTerm[] {
  const find = (a: number, b: number) =>
    observations.find(({ sizes }) => base.every((size, k) => sizes[k] === (k === i ? a : k === j ? b : size)))
      ?.made;
  const both = observations.find(({ sizes }) => {
    const changed = differing(sizes, base);
    return changed.length === 2 && changed[0] === i && changed[1] === j;
  });
  if (both === undefined) {
    return [];
  }
  const [a, b] = [both.sizes[i]!, both.sizes[j]!];
  const [one, two, none] = [find(a, base[j]!), find(base[i]!, b), find(base[i]!, base[j]!)];
  if (one === undefined || two === undefined || none === undefined) {
    return [];
  }
  const mixed = both.made - one - two + none;
  if (mixed <= ROUNDING) {
    return [];
  }
  const factor = mixed / ((a - base[i]!) * (b - base[j]!));
  return [
    [factor, i, j],
    [-factor * base[j]!, i],
    [-factor * base[i]!, j],
  ];
}

function withConstant(terms: readonly SizeTerm[], constant: number): SizeTerm[] {
  const sums = new Map<string, SizeTerm>();
  for (const [factor, ...of] of [...terms, [constant] as SizeTerm]) {
    const key = of.join();
    sums.set(key, [(sums.get(key)?.[0] ?? 0) + factor, ...of]);
  }
  return [...sums.values()]
    .map(([factor, ...of]): SizeTerm => [Number(factor.toPrecision(6)), ...of])
    .filter(([factor]) => Math.abs(factor) > 1e-6);
}

function differing(sizes: readonly number[], base: readonly number[]): number[] {
  return base.flatMap((size, index) => (sizes[index] === size ? [] : index));
}

/** Returns all pairs of indices below `count`, in order. */
export function pairs(count: number): [number, number][] {
  return Array.from({ length: count }, (_, i) => i).flatMap(i =>
    Array.from({ length: count - i - 1 }, (_, more): [number, number] => [i, i + more + 1]),
  );
}
