/** The formats whose objects can be divided. */
export type LineFormat = 'csv' | 'jsonl';

/** A part of an object: the records that begin in a range of its bytes. */
export interface Part {
  /** From 1. */
  number: number;
  /** Number of the object's parts. */
  count: number;
  start: number;
  /** Exclusive. */
  end: number;
}

/** The first record of CSV. */
export interface Header {
  bytes: Uint8Array;
  cells: number;
}

/** Reads the bytes from `start` up to `end`, exclusive. */
export type ReadRange = (start: number, end: number) => Promise<Uint8Array>;
