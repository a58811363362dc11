import { type CountedTensor, columnCounters, slotStarts } from '../../contract/column-counter.ts';
import { aboveSlot, belowSlot, firstSlot, missingSlot } from '../../contract/drift-counts.ts';
import type { Column } from '../../contract/profile.ts';

/** Counts reference data into columns exactly as a function counts requests. */
export interface ReferenceCounter {
  /** @param tensors - by the names that the columns use */
  count(tensors: ReadonlyMap<string, CountedTensor>): void;
  /** The columns with their counts. */
  columns(): Column[];
}

export function referenceCounter(columns: readonly Column[]): ReferenceCounter {
  const starts = slotStarts(columns);
  const counters = columnCounters(columns, starts);
  const slots = new Uint32Array(starts.at(-1)!);
  return {
    count(tensors) {
      for (const counter of counters) {
        const tensor = tensors.get(counter.tensor);
        if (tensor !== undefined) {
          counter.count(tensor, slots);
        }
      }
    },
    columns: () =>
      columns.map((column, index) => withCounts(column, slots.subarray(starts[index], starts[index + 1]))),
  };
}

function withCounts(column: Column, slots: Uint32Array): Column {
  const counts = [...slots.subarray(firstSlot)];
  const missing = slots[missingSlot]!;
  const rows = slots.reduce((sum, count) => sum + count, 0);
  if (column.kind === 'category') {
    return { ...column, rows, missing, counts, other: slots[belowSlot]! };
  }
  // Only infinities are outside the reference's own range.
  counts[0]! += slots[belowSlot]!;
  counts[counts.length - 1]! += slots[aboveSlot]!;
  return { ...column, rows, missing, counts };
}
