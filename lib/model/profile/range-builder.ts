import { LEAST_ROWS } from '../../contract/profile.ts';

/** Finds the range of a column in one pass. */
export interface RangeBuilder {
  /** @param value - finite */
  add(value: number): void;
  /**
   * A range that holds all values. An end that fewer than `LEAST_ROWS` rows have is rounded outwards, by up to a tenth
   * of the range, so that the value of one person is not stored.
   */
  range(): [min: number, max: number] | null;
}

/** Values with more decimals count as continuous. */
const mostDecimals = 3;
/** An end is one of at least this many values that the column could have, such as whole numbers. */
const leastValues = 5;
/** Steps are not so small that a 64-bit float could not hold their multiples. */
const leastShare = 1e-12;

export function rangeBuilder(): RangeBuilder {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [atMin, atMax] = [0, 0];
  let decimals = 0;

  function step(): number {
    const magnitude = Math.max(Math.abs(min), Math.abs(max));
    // Each is divided first, because the difference of the greatest numbers overflows.
    const tenth = max / 10 - min / 10 || magnitude / 10 || 0.1;
    const rounded = roundStep(Math.max(tenth, magnitude * leastShare));
    return decimals > mostDecimals ? rounded : Math.max(rounded, leastValues * 10 ** -decimals);
  }

  return {
    add(value) {
      if (value <= min) {
        atMin = value < min ? 1 : atMin + 1;
        min = value;
      }
      if (value >= max) {
        atMax = value > max ? 1 : atMax + 1;
        max = value;
      }
      while (decimals <= mostDecimals && !isWhole(value * 10 ** decimals)) {
        decimals += 1;
      }
    },
    range() {
      if (min > max) {
        return null;
      }
      const first = atMin < LEAST_ROWS ? multipleBelow(min, step()) : min;
      const last = atMax < LEAST_ROWS ? -multipleBelow(-max, step()) : max;
      const isOneValue = first === last && atMin < LEAST_ROWS;
      return [first + 0, Math.min(Number.MAX_VALUE, isOneValue ? last + step() : last) + 0];
    },
  };
}

/** Decimals of a 32-bit float are not exact. */
function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) <= 1e-7 * Math.abs(value);
}

/** The largest of 1, 2, 5, 10, 20, … that is not larger than `most`. */
function roundStep(most: number): number {
  const power = Number(`1e${Math.floor(Math.log10(most))}`);
  const factor = [5, 2, 1].find(factor => factor * power <= most) ?? 1;
  return factor * power || Number.MIN_VALUE;
}

function multipleBelow(value: number, step: number): number {
  const multiple = Math.floor(value / step);
  const rounded = Number((multiple * step).toPrecision(15));
  const below = rounded <= value ? rounded : Number(((multiple - 1) * step).toPrecision(15));
  return Math.max(-Number.MAX_VALUE, below);
}
