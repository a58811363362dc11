import { toBoolean } from '../../contract/cells.ts';
import type { CountedTensor } from '../../contract/column-counter.ts';
import type { Datatype } from '../../contract/datatypes.ts';
import type { Column, Place } from '../../contract/profile.ts';
import { project } from '../../contract/projections.ts';
import { rowLayout } from '../../contract/row-layout.ts';
import { binNumbers } from './bin-numbers.ts';
import { type CategoryCounts, categoryCounts } from './category-counts.ts';
import type { PlacedColumn } from './place-columns.ts';

/** Learns the bins of a column, part by part. */
export interface ColumnBuilder {
  /** Reads all rows, for the range or the categories. */
  look(tensor: CountedTensor): void;
  /** Returns the column with counts of 0. @param sample - rows from which the bins of numbers are made */
  build(sample: readonly CountedTensor[]): Column;
}

/** @param isCategory - whether the model finds a category by any of its spellings, not by its exact text */
export function columnBuilder(placed: PlacedColumn, isCategory = false): ColumnBuilder {
  return placed.datatype === 'BYTES'
    ? categoryBuilder(placed, categoryCounts(), isCategory)
    : numberBuilder(placed);
}

function categoryBuilder(placed: PlacedColumn, counts: CategoryCounts, isCategory: boolean): ColumnBuilder {
  return {
    look(tensor) {
      for (const value of valuesOf(tensor, placed.place)) {
        counts.add(value as string);
      }
    },
    build() {
      const texts = counts.top();
      const isBoolean = isCategory && texts.length > 0 && texts.every(text => toBoolean(text) !== undefined);
      const categories = isBoolean ? [...new Set(texts.map(text => String(toBoolean(text))))] : texts;
      const none = categories.map(() => 0);
      const empty = { rows: 0, missing: 0, categories, counts: none, other: 0 };
      return { ...placed, kind: 'category', ...empty, ...(isBoolean && { isBoolean }) };
    },
  };
}

function numberBuilder(placed: PlacedColumn): ColumnBuilder {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return {
    look(tensor) {
      for (const value of finite(tensor, placed.place)) {
        min = value < min ? value : min;
        max = value > max ? value : max;
      }
    },
    build(sample) {
      const edges = binNumbers(Float64Array.from(sample.flatMap(tensor => finite(tensor, placed.place))));
      const range = min > max ? null : outerRange(min, max, placed.datatype);
      const counts = [0, ...edges.map(() => 0)];
      return { ...placed, kind: 'number', rows: 0, missing: 0, range, edges, counts };
    },
  };
}

/**
 * Returns the range in few digits, to keep profiles small: numbers just outside of it that no other 32-bit float of the
 * same column can lie between. A constant keeps its value.
 */
function outerRange(min: number, max: number, datatype: Datatype): [number, number] {
  return datatype !== 'FP32' || min === max
    ? [min, max]
    : [fewDigits(min, rounded => rounded <= min), fewDigits(max, rounded => rounded >= max)];
}

function fewDigits(value: number, isOutside: (rounded: number) => boolean): number {
  for (let digits = 1; digits <= 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (isOutside(rounded) && Math.fround(rounded) === value) {
      return rounded;
    }
  }
  return value;
}

function finite(tensor: CountedTensor, place: Place): number[] {
  return Array.from(valuesOf(tensor, place), Number).filter(Number.isFinite);
}

/** Projections by the data of their tensor, since all of its columns share them. */
const projections = new WeakMap<CountedTensor['data'], Float64Array>();

function* valuesOf({ data, dims, rowAxis }: CountedTensor, place: Place): Generator<unknown> {
  const { rows, inner, size } = rowLayout(dims, rowAxis);
  if ('projection' in place) {
    const all = projections.get(data) ?? project(data, { rows, inner, size });
    projections.set(data, all);
    yield* all.subarray(place.projection * rows, (place.projection + 1) * rows);
  } else if (place.element < size) {
    const first = Math.floor(place.element / inner) * rows * inner + (place.element % inner);
    for (let row = 0; row < rows; row += 1) {
      yield data[first + row * inner];
    }
  }
}
