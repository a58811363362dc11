import { firstSlot } from '../contract/drift-counts.ts';
import type { Column } from '../contract/profile.ts';
import { sum } from './statistics/distances.ts';

/** Rows per slot, in the order of lib/contract/drift-counts.ts. */
export type Slots = number[];

/** The slots of the reference. Of its own numbers, only infinities are out of range. */
export function referenceSlots(column: Column): Slots {
  const outside = column.kind === 'category' ? [column.other, 0] : [column.below ?? 0, column.above ?? 0];
  return [column.missing, ...outside, ...column.counts];
}

export function emptySlots(column: Column): Slots {
  return new Array<number>(firstSlot + column.counts.length).fill(0);
}

/** Rows by value: missing values are left out, values out of range are added to the nearest bin. */
export function valueCounts(column: Column, slots: readonly number[]): number[] {
  const [, below = 0, above = 0, ...bins] = slots;
  if (column.kind === 'category') {
    return [...bins, below];
  }
  bins[0] = (bins[0] ?? 0) + below;
  bins[bins.length - 1]! += above;
  return bins;
}

/** Names of the bins of `valueCounts`. */
export function valueLabels(column: Column): string[] {
  if (column.kind === 'category') {
    return [...column.categories, 'other'];
  }
  const { edges, range } = column;
  if (edges.length === 0) {
    return [
      range === null
        ? 'any'
        : range[0] === range[1]
          ? short(range[0])
          : `${short(range[0])} to ${short(range[1])}`,
    ];
  }
  return [
    `below ${short(edges[0]!)}`,
    ...edges.slice(1).map((edge, index) => `${short(edges[index]!)} to ${short(edge)}`),
    `${short(edges.at(-1)!)} and more`,
  ];
}

/** The middle of each bin of numbers. */
export function binMiddles({ edges, range }: Extract<Column, { kind: 'number' }>): number[] {
  const [min, max] = range ?? [0, 0];
  const ends = [min, ...edges, max];
  return ends.slice(1).map((end, index) => (ends[index]! + end) / 2);
}

/** Shares of the rows that are in no bin. */
export interface Rates {
  missing: number;
  /** Only for numbers. */
  outOfRange?: number;
  /** Only for categories: those without a name in the reference. */
  other?: number;
}

export function ratesOf(column: Column, slots: Slots): Rates {
  const total = Math.max(1, sum(slots));
  const [missing = 0, below = 0, above = 0] = slots;
  return {
    missing: missing / total,
    ...(column.kind === 'number'
      ? { outOfRange: (below + above) / total }
      : { other: (below + above) / total }),
  };
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
