import { expect, test } from 'vitest';
import type { InputSpec } from '../../../lib/contract/manifest.ts';
import { checkExtent } from '../../../lib/runtime/http/extent.ts';

const limits = { batch: 10, elements: 1000 };
const independent = { independent: true } as const;
const dependent = { independent: false, reason: 'its records are of one sequence' } as const;

function check(rowAxis: number | null, shape: number[], rows: typeof independent | typeof dependent) {
  const spec: InputSpec = {
    name: 'x',
    datatype: 'FP32',
    shape: shape.map(() => -1),
    rowAxis,
    minShape: shape.map(() => 1),
  };
  return () =>
    checkExtent([{ name: 'x', shape }], { signature: { inputs: [spec], outputs: [] }, rows, limits });
}

test.each([
  ['the first axis counts records', 0, [10, 50], independent],
  ['the second does, and the first may be longer', 1, [20, 10, 2], independent],
  ['none does', null, [500, 2], independent],
  ['a vector that may be a sequence', 0, [1000], dependent],
] as const)('%s: taken', (_, rowAxis, shape, rows) => {
  expect(check(rowAxis, [...shape], rows)).not.toThrow();
});

test.each([
  ['too many records on the first axis', 0, [11, 2], independent, 0],
  ['on the second', 1, [2, 11, 2], independent, 1],
  ['of a vector', 0, [11], independent, 0],
  ['where records are not independent', 0, [11, 2], dependent, 0],
  ['too many elements, of no records', null, [0, 1001], independent, 1],
] as const)('%s: refused', (_, rowAxis, shape, rows, dimension) => {
  expect(check(rowAxis, [...shape], rows)).toThrow(
    expect.objectContaining({
      status: 413,
      code: 'EXTENT',
      message: expect.stringContaining(`dimension ${dimension} `),
    }),
  );
});
