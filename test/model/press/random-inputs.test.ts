import { expect, test } from 'vitest';
import type { Dimension, TensorSpec } from '../../../lib/contract/manifest.ts';
import { inputRecipes, randomInputs, seededRandom } from '../../../lib/model/press/random-inputs.ts';

const input = (
  name: string,
  datatype: TensorSpec['datatype'],
  shape: Dimension[],
  rowAxis: number | null = null,
): TensorSpec => ({ name, datatype, shape, rowAxis });
const make = (specs: TensorSpec[], recipe: Parameters<typeof randomInputs>[1]) =>
  randomInputs(specs, recipe, seededRandom(1));

test('whole numbers that their name calls for', () => {
  const specs = [
    input('x', 'FP32', [2, 3, 4]),
    ...['axes', 'shape', 'sizes', 'split', 'starts', 'steps'].map(name => input(name, 'INT64', [2])),
    input('sr', 'INT64', []),
    input('more_sizes', 'INT64', [4]),
  ];
  const [, ...tensors] = make(specs, { openSize: 2, integers: 'named' })!;
  expect(tensors.map(({ name, data }) => [name, ...Array.from(data, Number)])).toEqual([
    ['axes', 0, 1],
    ['shape', 3, 4],
    ['sizes', 3, 4],
    ['split', 1, 1],
    ['starts', 0, 0],
    ['steps', 1, 1],
    ['sr', 16_000],
    ['more_sizes', 1, 2, 3, 4],
  ]);
});

test('one record of a large window, whose state has the records on another axis', () => {
  const specs = [input('sound', 'FP32', ['batch', 'samples'], 0), input('state', 'FP32', [2, 'batch', 128])];
  const tensors = make(specs, { openSize: 512, rows: 1, integers: 2 })!;
  expect(tensors.map(({ dims }) => dims)).toEqual([
    [1, 512],
    [2, 1, 128],
  ]);
});

test.each([
  ['one input', [input('x', 'FP32', [2 ** 12, 2 ** 10, 'N'], 2)], { openSize: 2, integers: 2 }],
  [
    'all inputs together',
    ['a', 'b', 'c'].map(name => input(name, 'FP32', [2 ** 21])),
    { openSize: 2, integers: 2 },
  ],
])('%s of more elements than the press runs with', (_, specs, recipe) => {
  expect(make(specs, recipe)).toBeUndefined();
});

test('every recipe makes what its datatype can hold', () => {
  const datatypes = ['BOOL', 'UINT8', 'INT64', 'FP16', 'FP64', 'BYTES'] as const;
  const specs = datatypes.map(datatype => input(datatype, datatype, [3]));
  for (const recipe of inputRecipes) {
    expect(make(specs, recipe)?.map(({ data }) => data.length)).toEqual(datatypes.map(() => 3));
  }
});
