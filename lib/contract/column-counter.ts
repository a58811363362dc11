import { aboveSlot, belowSlot, firstSlot, missingSlot } from './drift-counts.ts';
import type { Column } from './profile.ts';
import { project } from './projections.ts';
import { rowLayout } from './row-layout.ts';
import type { TensorData } from './tensor-data.ts';

/** A tensor of a run; float16 as numbers, not as its bits. */
export interface CountedTensor {
  data: TensorData;
  dims: readonly number[];
  /** Which axis counts rows. `null`: the tensor is one row. */
  rowAxis: number | null;
}

/** Counts rows of one tensor by the columns that come from it. */
export interface ColumnCounter {
  tensor: string;
  /**
   * Adds a tensor's rows to `slots`, which hold those of all columns; see `slotStarts`.
   * @param picked - rows to count. Default: all
   */
  count(tensor: CountedTensor, slots: Uint32Array, picked?: readonly number[]): void;
}

/** Where the slots of each column begin, and after the last the number of all. */
export function slotStarts(columns: readonly Column[]): number[] {
  const starts = [0];
  for (const { counts } of columns) {
    starts.push(starts.at(-1)! + firstSlot + counts.length);
  }
  return starts;
}

/** Counters of columns whose slots begin at `starts`, one for each tensor. */
export function columnCounters(columns: readonly Column[], starts: readonly number[]): ColumnCounter[] {
  const tensors = Map.groupBy(columns.entries(), ([, { tensor }]) => tensor);
  return Array.from(tensors, ([tensor, own]) => {
    const counters = own.map(([index, column]) => ({
      place: column.place,
      slotOf: slotFinder(column),
      start: starts[index]!,
    }));
    return {
      tensor,
      count({ data, dims, rowAxis }, slots, picked) {
        const { rows, inner, size } = rowLayout(dims, rowAxis);
        const projections = counters.some(({ place }) => 'projection' in place)
          ? project(data, { rows, inner, size })
          : undefined;
        for (const { place, slotOf, start } of counters) {
          if ('projection' in place) {
            countRows(
              projections!,
              { first: place.projection * rows, step: 1, rows },
              { slotOf, start, slots, picked },
            );
          } else if (place.element < size) {
            const outer = Math.floor(place.element / inner);
            const first = outer * rows * inner + (place.element % inner);
            countRows(data, { first, step: inner, rows }, { slotOf, start, slots, picked });
          }
        }
      },
    };
  });
}

function countRows(
  data: TensorData,
  { first, step, rows }: { first: number; step: number; rows: number },
  {
    slotOf,
    start,
    slots,
    picked,
  }: {
    slotOf: SlotFinder;
    start: number;
    slots: Uint32Array;
    picked: readonly number[] | undefined;
  },
): void {
  const count = picked?.length ?? rows;
  for (let index = 0; index < count; index += 1) {
    const row = picked === undefined ? index : picked[index]!;
    slots[start + slotOf(data[first + row * step])]! += 1;
  }
}

type SlotFinder = (value: number | bigint | string | undefined) => number;

function slotFinder(column: Column): SlotFinder {
  if (column.kind === 'category') {
    const slots = new Map(column.categories.map((category, index) => [category, firstSlot + index]));
    return value => (value === '' ? missingSlot : (slots.get(value as string) ?? belowSlot));
  }
  const { range, edges } = column;
  const [min, max] = range ?? [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return value => {
    const number = typeof value === 'number' ? value : Number(value);
    if (number >= min && number <= max) {
      let slot = firstSlot;
      for (let edge = 0; edge < edges.length && number >= edges[edge]!; edge += 1) {
        slot += 1;
      }
      return slot;
    }
    return number < min ? belowSlot : number > max ? aboveSlot : missingSlot;
  };
}
