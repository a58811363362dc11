import { expect, test } from 'vitest';
import type { Dimension } from '../../../lib/contract/manifest.ts';
import { candidateAxes, type DeclaredTensor, declareRows } from '../../../lib/model/rows/declared.ts';

type Shape = Dimension[] | null;

const tensors = (prefix: string, shapes: Shape[]): DeclaredTensor[] =>
  shapes.map((shape, index) => ({ name: `${prefix}${index}`, datatype: 'FP32', shape }));

/** Shapes of inputs and outputs, with the row axes that they declare. */
const declared: [name: string, [Shape, number | null][], [Shape, number | null][]][] = [
  [
    'a batch',
    [[['N', 3], 0]],
    [
      [['N'], 0],
      [['N', 2], 0],
    ],
  ],
  ['a batch without a name', [[[-1, 3], 0]], [[[-1, 2], null]]],
  [
    'one record at a time',
    [[[1, 3, 8, 8], 0]],
    [
      [[1, 10], 0],
      [['found', 4], null],
      [[], null],
    ],
  ],
  ['no batch', [[[3, 4], null]], [[[3], null]]],
  ['no shape', [[null, 0]], [[null, null]]],
  [
    'a state',
    [
      [['N', 'T', 4], 0],
      [[2, 'N', 8], 1],
    ],
    [
      [['T', 'N', 5], 1],
      [[2, 'N', 8], 1],
    ],
  ],
  [
    'time first',
    [
      [['T', 'B', 4], 1],
      [['B'], 0],
    ],
    [[['T', 'B', 5], 1]],
  ],
  ['time and features', [[['T', 'F'], 0]], [[['T'], 0]]],
  ['a matrix', [[['M', 'N'], 0]], [[['M', 'N'], 0]]],
  ['points of one cloud', [[[1, 'N', 3], 0]], [[[1, 'N', 2], 0]]],
  [
    'a batch and what all records share',
    [
      [['batch', 4], 0],
      [[3], null],
      [[], null],
    ],
    [[['batch'], 0]],
  ],
];

test.each(declared)('%s', (_, inputs, outputs) => {
  const signature = declareRows(
    tensors(
      'x',
      inputs.map(([shape]) => shape),
    ),
    tensors(
      'y',
      outputs.map(([shape]) => shape),
    ),
  );
  expect(signature.inputs.map(({ rowAxis }) => rowAxis)).toEqual(inputs.map(([, axis]) => axis));
  expect(signature.outputs.map(({ rowAxis }) => rowAxis)).toEqual(outputs.map(([, axis]) => axis));
});

test('nothing may be empty before it is proven', () => {
  const { inputs } = declareRows(tensors('x', [['N', 3, -1], [1], null]), []);
  expect(inputs.map(({ minShape }) => minShape)).toEqual([[1, 3, 1], [1], []]);
});

test('where time comes first, the first dimension is tried too', () => {
  expect(candidateAxes(tensors('x', [['T', 'batch', 4]]))).toEqual([[1], [0]]);
});
