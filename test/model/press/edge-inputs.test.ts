import { expect, test } from 'vitest';
import { edgeInputs } from '../../../lib/model/press/edge-inputs.ts';

const values = { numbers: [1], columns: new Map(), integers: [], strings: [], isText: false };

/** The inputs for a model of one size, a list of numbers each. */
function madeOf(shape: number[]): number[][] {
  const input = { name: 'x', datatype: 'FP32' as const, shape, rowAxis: null, minShape: shape };
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const like = [{ name: 'x', type: 'float32' as const, dims: shape, data }];
  const made = edgeInputs({ inputs: [input], outputs: [] }, like, { values, seed: 2 });
  return made.map(([x]) => [...x!.data] as number[]);
}

const isOdd = (value: number) => !(Math.abs(value) <= 4 && Math.abs(value) > 1e-30);

test('a small input of one size has single odd numbers, several, and nothing else', () => {
  const counts = madeOf([1, 1, 2, 2]).map(data => data.filter(isOdd).length);
  expect(counts).toEqual(expect.arrayContaining([0, 1, 2, 4]));
});

test('an input of one size has every odd number', () => {
  const odd = madeOf([8, 8]).flat().filter(isOdd);
  for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0]) {
    expect(odd.some(value => Object.is(value, number))).toBe(true);
  }
});
