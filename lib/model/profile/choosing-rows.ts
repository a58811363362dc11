/**
 * Whether a row helps to choose the categories of a column; the other half of the rows counts them. Categories that were
 * chosen for being frequent in some rows are rarer in all other rows, so the same rows cannot do both.
 *
 * The halves are pseudo-random, so that a pattern in the order of the rows does not divide them, and the same each time
 * that the file is read: the finalizer of MurmurHash3.
 */
export function isChoosingRow(row: number): boolean {
  let mixed = Math.imul(row ^ (row >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) < 0;
}
