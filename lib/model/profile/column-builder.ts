import { toBoolean } from '../../contract/cells.ts';
import type { CountedTensor } from '../../contract/column-counter.ts';
import type { Column, Place } from '../../contract/profile.ts';
import { project } from '../../contract/projections.ts';
import { rowLayout } from '../../contract/row-layout.ts';
import { binNumbers } from './bin-numbers.ts';
import { categoryCounts } from './category-counts.ts';
import { isChoosingRow } from './choosing-rows.ts';
import type { PlacedColumn } from './place-columns.ts';
import { rangeBuilder } from './range-builder.ts';

/** Learns the bins of a column, part by part. */
export interface ColumnBuilder {
  /** Reads all rows, for the range or the categories. */
  look(tensor: CountedTensor): void;
  /** @param sample - rows from which the bins of numbers are made */
  build(sample: readonly CountedTensor[]): BuiltColumn;
}

export interface BuiltColumn {
  /** Its counts are 0. */
  column: Column;
  /** The rows to count: all, or those that did not choose the column's categories; see `isChoosingRow`. */
  rows: 'all' | 'other';
}

/** @param isCategory - whether the model finds a category by any of its spellings, not by its exact text */
export function columnBuilder(placed: PlacedColumn, isCategory = false): ColumnBuilder {
  return placed.datatype === 'BYTES' ? categoryBuilder(placed, isCategory) : numberBuilder(placed);
}

function categoryBuilder(placed: PlacedColumn, isCategory: boolean): ColumnBuilder {
  const [all, half] = [categoryCounts(), categoryCounts()];
  let row = 0;
  return {
    look(tensor) {
      for (const value of valuesOf(tensor, placed.place)) {
        all.add(value as string);
        if (isChoosingRow(row)) {
          half.add(value as string);
        }
        row += 1;
      }
    },
    build() {
      const rows = all.isComplete() ? 'all' : 'other';
      const texts = (rows === 'all' ? all : half).top();
      const isBoolean = isCategory && texts.length > 0 && texts.every(text => toBoolean(text) !== undefined);
      const categories = isBoolean ? [...new Set(texts.map(text => String(toBoolean(text))))] : texts;
      const none = categories.map(() => 0);
      const empty = { rows: 0, missing: 0, categories, counts: none, other: 0 };
      return { rows, column: { ...placed, kind: 'category', ...empty, ...(isBoolean && { isBoolean }) } };
    },
  };
}

function numberBuilder(placed: PlacedColumn): ColumnBuilder {
  const found = rangeBuilder();
  return {
    look(tensor) {
      for (const value of finite(tensor, placed.place)) {
        found.add(value);
      }
    },
    build(sample) {
      const edges = binNumbers(Float64Array.from(sample.flatMap(tensor => finite(tensor, placed.place))));
      const counts = [0, ...edges.map(() => 0)];
      const range = found.range();
      return {
        rows: 'all',
        column: { ...placed, kind: 'number', rows: 0, missing: 0, range, edges, counts },
      };
    },
  };
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
