import { describe, expect, test } from 'vitest';
import { datatypes } from '../../lib/contract/datatypes.ts';
import type { Datatype } from '../../lib/contract/manifest.ts';
import { RequestError } from '../../lib/runtime/errors.ts';
import { decodeTensor } from '../../lib/runtime/tensor/decode.ts';
import { toJsonData } from '../../lib/runtime/tensor/encode.ts';
import type { InferInput } from '../../lib/runtime/tensor/types.ts';

function decode(datatype: Datatype, data: unknown, shape: unknown = [(data as unknown[]).length]) {
  const spec = { name: 'x', datatype, shape: ['N'], rowAxis: 0, minShape: [0] };
  return decodeTensor(spec, { name: 'x', datatype, shape, data } as InferInput);
}

const there: [Datatype, unknown[]][] = [
  ['BOOL', [true, false]],
  ['UINT8', [0, 255]],
  ['UINT16', [0, 65_535]],
  ['UINT32', [0, 4_294_967_295]],
  ['UINT64', [0, 9_007_199_254_740_991, '9007199254740992', '18446744073709551615']],
  ['INT8', [-128, 127]],
  ['INT16', [-32_768, 32_767]],
  ['INT32', [-2_147_483_648, 2_147_483_647]],
  ['INT64', [-9_007_199_254_740_991, '-9223372036854775808', '9223372036854775807']],
  ['FP16', [0, -1.5, 65_504, 'NaN', 'Infinity', '-Infinity']],
  ['FP32', [0.5, -1.25, 'NaN', 'Infinity', '-Infinity']],
  ['FP64', [0.1, 1e300, 'NaN', 'Infinity', '-Infinity']],
  ['BYTES', ['', 'ä€😀', '__proto__', '<b>']],
];

test.each(there)('%s comes back as it went in', (datatype, values) => {
  const tensor = decode(datatype, values);
  expect(tensor.type).toBe(datatypes[datatype].engine);
  expect(JSON.parse(JSON.stringify(toJsonData(datatype, tensor.data)))).toEqual(values);
});

const lossy: [Datatype, unknown][] = [
  ['BOOL', 1],
  ['BOOL', 'true'],
  ['UINT8', 256],
  ['UINT8', -1],
  ['UINT8', 1.5],
  ['INT32', 2_147_483_648],
  ['INT32', '1'],
  ['INT64', 9_007_199_254_740_992],
  ['INT64', 1.5],
  ['INT64', '9223372036854775808'],
  ['INT64', ' 1'],
  ['INT64', '0x10'],
  ['UINT64', -1],
  ['FP16', 65_520],
  ['FP32', 1e39],
  ['FP32', null],
  ['FP32', '1'],
  ['FP32', 'infinity'],
  ['FP32', [1]],
  ['FP64', true],
  ['BYTES', 'a\0b'],
  ['BYTES', '\ud800'],
  ['BYTES', 7],
];

test.each(lossy)('%s refuses %j, by its index', (datatype, value) => {
  const good = datatype === 'BYTES' ? 'a' : datatype === 'BOOL' ? true : 0;
  expect(() => decode(datatype, [good, value])).toThrow(/input "x", element 1 is .*expected/s);
});

describe('shapes', () => {
  const spec = { name: 'x', datatype: 'FP32' as const, shape: ['N', 2], rowAxis: 0, minShape: [0, 2] };
  const refused: [string, Partial<InferInput> & Record<string, unknown>, RegExp][] = [
    ['another datatype', { datatype: 'FP64' }, /datatype of input "x" is "FP64"; the model expects FP32/],
    ['no datatype', { datatype: undefined as never }, /datatype of input "x" is missing/],
    ['no shape', { shape: undefined as never }, /no shape/],
    ['another rank', { shape: [2] }, /has 1 dimension; the model expects 2 \(\[N, 2\]\)/],
    ['another size', { shape: [1, 3] }, /dimension 1 is 3; the model expects 2/],
    ['a negative size', { shape: [-1, 2] }, /dimension 0 is -1/],
    ['half a size', { shape: [0.5, 2] }, /dimension 0 is 0.5/],
    ['a product past any array', { shape: [2 ** 53 - 1, 2] }, /more elements than any data can have/],
    ['too little data', { shape: [2, 2] }, /has 2 elements; its shape says 4/],
    ['no data', { data: undefined as never }, /no data/],
    ['data that is an object', { data: {} as never }, /no data/],
    ['ragged data', { shape: [2, 2], data: [[1, 2], 3] }, /mixes arrays and values/],
    ['deeper data', { shape: [1, 2], data: [[[1], [2]]] }, /element 0/],
    ['another typed array', { data: new Float64Array(2) }, /is a Float64Array; FP32 needs Float32Array/],
    [
      'rows of another length',
      { shape: [2, 2], data: [[1], [2, 3, 4]] },
      /dimension 1: the data has 1 where the shape says 2/,
    ],
    [
      'more rows',
      {
        shape: [1, 2],
        data: [
          [1, 2],
          [3, 4],
        ],
      },
      /dimension 0: the data has 2 where the shape says 1/,
    ],
    ['no rows of a vast size', { shape: [2 ** 40, 0] }, /dimension 1 is 0; the model expects 2/],
    ['a typed array of another length', { data: new Float32Array(3) }, /has 3 elements/],
  ];

  test.each(refused)('%s is refused', (_, change, message) => {
    const input = { name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2], ...change } as InferInput;
    expect(() => decodeTensor(spec, input)).toThrow(message);
    expect(() => decodeTensor(spec, input)).toThrow(RequestError);
  });

  const taken: [string, InferInput['data'], number[]][] = [
    ['flat', [1, 2, 3, 4], [2, 2]],
    [
      'nested',
      [
        [1, 2],
        [3, 4],
      ],
      [2, 2],
    ],
    ['typed', Float32Array.of(1, 2, 3, 4), [2, 2]],
    ['empty', [], [0, 2]],
  ];

  test.each(taken)('%s data is taken', (_, data, shape) => {
    const tensor = decodeTensor(spec, { name: 'x', datatype: 'FP32', shape, data });
    expect(tensor.dims).toEqual(shape);
    expect([...tensor.data]).toEqual(shape[0] === 0 ? [] : [1, 2, 3, 4]);
  });

  test('a scalar has an empty shape', () => {
    const scalar = { ...spec, shape: [], rowAxis: null, minShape: [] };
    expect(decodeTensor(scalar, { name: 'x', datatype: 'FP32', shape: [], data: [7] }).data).toEqual(
      Float32Array.of(7),
    );
  });

  test('float16 is taken as Float16Array and as bits', () => {
    const half = { name: 'x', datatype: 'FP16' as const, shape: [2], rowAxis: null, minShape: [2] };
    for (const data of [Float16Array.of(1, -2), Uint16Array.of(0x3c00, 0xc000)]) {
      expect([...decodeTensor(half, { ...half, data }).data]).toEqual([0x3c00, 0xc000]);
    }
  });
});

test('truths in a typed array are 0 and 1', () => {
  expect(decode('BOOL', Uint8Array.of(0, 1)).data).toEqual(Uint8Array.of(0, 1));
  expect(() => decode('BOOL', Uint8Array.of(0, 2))).toThrow(/input "x", element 1 is 2; expected 0 or 1/);
});

test('a long array is read like a short one', () => {
  const long = Array.from({ length: 1000 }, (_, index) => index / 8);
  expect([...(decode('FP32', long).data as Float32Array)]).toEqual(long);
  expect(decode('FP32', [...long, 'NaN', 1]).data.slice(-2)).toEqual(Float32Array.of(Number.NaN, 1));
  for (const bad of [null, 1e39, '1', [1]]) {
    expect(() => decode('FP32', [...long, bad])).toThrow(/element 1000 is/);
  }
});
