import { type CountedTensor, columnCounters, slotStarts } from '../../contract/column-counter.ts';
import { aboveSlot, belowSlot, firstSlot, missingSlot } from '../../contract/drift-counts.ts';
import type { Column } from '../../contract/profile.ts';
import { rowLayout } from '../../contract/row-layout.ts';
import { isChoosingRow } from './choosing-rows.ts';
import type { BuiltColumn } from './column-builder.ts';

/** Counts reference data into columns exactly as a function counts requests. */
export interface ReferenceCounter {
  /** @param tensors - by the names that the columns use */
  count(tensors: ReadonlyMap<string, CountedTensor>): void;
  /** The columns with their counts. */
  columns(): Column[];
}

export function referenceCounter(built: readonly BuiltColumn[]): ReferenceCounter {
  const columns = built.map(({ column }) => column);
  const starts = slotStarts(columns);
  const slots = new Uint32Array(starts.at(-1)!);
  const counters = (['all', 'other'] as const).flatMap(rows => {
    const own = [...built.keys()].filter(index => built[index]!.rows === rows);
    const counted = columnCounters(
      own.map(index => columns[index]!),
      own.map(index => starts[index]!),
    );
    return counted.map(counter => ({ ...counter, rows, seen: 0 }));
  });
  return {
    count(tensors) {
      for (const counter of counters) {
        const tensor = tensors.get(counter.tensor);
        if (tensor !== undefined) {
          const { rows } = rowLayout(tensor.dims, tensor.rowAxis);
          counter.count(tensor, slots, counter.rows === 'all' ? undefined : countingRows(counter.seen, rows));
          counter.seen += rows;
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
  const [below, above] = [slots[belowSlot]!, slots[aboveSlot]!];
  return { ...column, rows, missing, counts, ...(below > 0 && { below }), ...(above > 0 && { above }) };
}

/** The rows of a tensor that did not choose categories. @param seen - rows before the tensor */
function countingRows(seen: number, rows: number): number[] {
  return Array.from({ length: rows }, (_, row) => row).filter(row => !isChoosingRow(seen + row));
}
