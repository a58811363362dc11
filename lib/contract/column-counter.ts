import { toBoolean } from './cells.ts';
import { aboveSlot, belowSlot, firstSlot, missingSlot } from './drift-counts.ts';
import type { CategoryColumn, Column, NumberColumn } from './profile.ts';
import { project } from './projections.ts';
import { rowLayout } from './row-layout.ts';
import type { TensorData } from './tensor-data.ts';

/** A tensor of a run, with float16 as numbers, not as bits. */
export interface CountedTensor {
  data: TensorData;
  dims: readonly number[];
  /** The axis that counts rows; `null` if the tensor is one row. */
  rowAxis: number | null;
}

/** Counts the rows of one tensor in all columns that come from it. */
export interface ColumnCounter {
  tensor: string;
  /**
   * Adds a tensor's rows to `slots`, which contains the slots of all columns; see `slotStarts`.
   * @param picked - rows to count (default: all)
   */
  count(tensor: CountedTensor, slots: Uint32Array, picked?: readonly number[]): void;
}

/** Returns where each column's slots begin, followed by the total number of slots. */
export function slotStarts(columns: readonly Column[]): number[] {
  const starts = [0];
  for (const { counts } of columns) {
    starts.push(starts.at(-1)! + firstSlot + counts.length);
  }
  return starts;
}

/** Makes one counter per tensor for columns whose slots begin at `starts`. */
export function columnCounters(columns: readonly Column[], starts: readonly number[]): ColumnCounter[] {
  const tensors = Map.groupBy(columns.entries(), ([, { tensor }]) => tensor);
  return Array.from(tensors, ([tensor, own]) => {
    const counters = own.map(([index, column]) => ({
      place: column.place,
      count: rowCounter(column, starts[index]!),
    }));
    const isProjected = counters.some(({ place }) => 'projection' in place);
    return {
      tensor,
      count({ data, dims, rowAxis }, slots, picked) {
        const layout = rowLayout(dims, rowAxis);
        const { rows, inner, size } = layout;
        const projections = isProjected ? project(data, layout) : undefined;
        for (const { place, count } of counters) {
          if ('projection' in place) {
            count(projections!, { first: place.projection * rows, step: 1, rows, picked }, slots);
          } else if (place.element < size) {
            const first = Math.floor(place.element / inner) * rows * inner + (place.element % inner);
            count(data, { first, step: inner, rows, picked }, slots);
          }
        }
      },
    };
  });
}

/** The values of a column: the one at `first + row * step`, for each row or each picked row. */
interface Rows {
  first: number;
  step: number;
  rows: number;
  picked: readonly number[] | undefined;
}

type CountRows = (data: TensorData, rows: Rows, slots: Uint32Array) => void;

function rowCounter(column: Column, start: number): CountRows {
  return column.kind === 'number' ? numberCounter(column, start) : categoryCounter(column, start);
}

function categoryCounter({ categories, isBoolean }: CategoryColumn, start: number): CountRows {
  const known = new Map(categories.map((category, index) => [category, firstSlot + index]));
  return (data, { first, step, rows, picked }, slots) => {
    const count = picked?.length ?? rows;
    for (let index = 0; index < count; index += 1) {
      const value = data[first + (picked === undefined ? index : picked[index]!) * step] as string;
      const category = isBoolean ? String(toBoolean(value)) : value;
      slots[start + (value === '' ? missingSlot : (known.get(category) ?? belowSlot))]! += 1;
    }
  };
}

function numberCounter({ range, edges: all }: NumberColumn, start: number): CountRows {
  const edges = Float64Array.from(all);
  const [min, max] = range ?? [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return (data, { first, step, rows, picked }, slots) => {
    const count = picked?.length ?? rows;
    for (let index = 0; index < count; index += 1) {
      const value = Number(data[first + (picked === undefined ? index : picked[index]!) * step]);
      let slot = value < min ? belowSlot : value > max ? aboveSlot : missingSlot;
      if (value >= min && value <= max) {
        slot = firstSlot;
        for (let edge = 0; edge < edges.length && value >= edges[edge]!; edge += 1) {
          slot += 1;
        }
      }
      slots[start + slot]! += 1;
    }
  };
}
