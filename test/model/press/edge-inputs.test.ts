import { expect, test } from 'vitest';
import type { InputSpec, Signature } from '../../../lib/contract/manifest.ts';
import { edgeInputs } from '../../../lib/model/press/edge-inputs.ts';

const input: InputSpec = {
  name: 'x',
  datatype: 'FP32',
  shape: [1, 1, 2, 2],
  rowAxis: null,
  minShape: [1, 1, 2, 2],
};
const signature: Signature = { inputs: [input], outputs: [] };
const values = { numbers: [1], columns: new Map(), integers: [], strings: [], isText: false };

test('a small input of one size is tried with single odd numbers, several, and nothing else', () => {
  const like = [{ name: 'x', type: 'float32' as const, dims: [1, 1, 2, 2], data: new Float32Array(4) }];
  const made = edgeInputs(signature, like, { values, seed: 2 }).map(([x]) => [...x!.data] as number[]);
  const isOdd = (value: number) => !(Math.abs(value) <= 4 && Math.abs(value) > 1e-30);
  const counts = made.map(data => data.filter(isOdd).length);
  expect(counts).toEqual(expect.arrayContaining([0, 1, 2, 4]));
  const tried = made.flat();
  for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(tried.some(value => Object.is(value, odd))).toBe(true);
  }
});
