import { describe, expect, test } from 'vitest';
import type { Dimension, InputSpec } from '../../lib/contract/manifest.ts';
import {
  closeShape,
  countRows,
  hasOpenRows,
  isOpen,
  rowShape,
  takesBatches,
} from '../../lib/contract/signature.ts';

const spec = (
  shape: Dimension[] | null,
  rowAxis: number | null,
  changes: Partial<InputSpec> = {},
): InputSpec => ({ name: 'x', datatype: 'FP32', shape, rowAxis, minShape: [], ...changes });

test.each([
  ['N', true],
  ['', true],
  [-1, true],
  [0, false],
  [1, false],
  [3, false],
])('a dimension of %j: open is %j', (dimension, open) => {
  expect(isOpen(dimension)).toBe(open);
});

/** What every part of coldpress answers alike. */
const tensors: {
  tensor: InputSpec;
  closed: number[];
  row: Dimension[] | null;
  openRows: boolean;
  rows: [shape: number[], count: number];
}[] = [
  { tensor: spec(['N', 3], 0), closed: [2, 3], row: [3], openRows: true, rows: [[5, 3], 5] },
  { tensor: spec([-1, -1], 0), closed: [2, 2], row: [-1], openRows: true, rows: [[5, 4], 5] },
  { tensor: spec([2, 'N', 3], 1), closed: [2, 2, 3], row: [2, 3], openRows: true, rows: [[2, 5, 3], 5] },
  { tensor: spec([1, 3], 0), closed: [1, 3], row: [3], openRows: false, rows: [[1, 3], 1] },
  { tensor: spec([3], null), closed: [3], row: [3], openRows: false, rows: [[3], 1] },
  { tensor: spec(['n', 4], null), closed: [2, 4], row: ['n', 4], openRows: false, rows: [[7, 4], 1] },
  { tensor: spec([], null), closed: [], row: [], openRows: false, rows: [[], 1] },
  { tensor: spec(null, 0), closed: [], row: null, openRows: true, rows: [[4, 2], 4] },
];

describe.each(tensors)('$tensor.shape with rows along $tensor.rowAxis', expected => {
  const { tensor, closed, row, openRows, rows } = expected;
  test('is answered alike by all', () => {
    expect(closeShape(tensor.shape ?? [], 2)).toEqual(closed);
    expect(rowShape(tensor)).toEqual(row);
    expect(hasOpenRows(tensor)).toBe(openRows);
    expect(countRows(tensor, rows[0])).toBe(rows[1]);
  });
});

test.each<[string, InputSpec[], boolean]>([
  ['open rows', [spec(['N', 3], 0)], true],
  ['open rows along different axes', [spec(['N', 3], 0), spec([2, 'N', 3], 1)], true],
  ['an input without rows', [spec(['N', 3], 0), spec([3], null)], false],
  ['an optional input without rows', [spec(['N', 3], 0), spec([3], null, { optional: true })], true],
  ['one row', [spec([1, 3], 0)], false],
  ['no inputs', [], false],
])('a model with %s: several records in a run is %j', (_, inputs, expected) => {
  expect(takesBatches({ inputs })).toBe(expected);
});
