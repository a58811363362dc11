import { describe, expect, test } from 'vitest';
import type { Signature } from '../../../lib/contract/manifest.ts';
import type { Samples } from '../../../lib/model/samples/types.ts';
import { npz } from './npy.ts';
import { classifier, read, signature, tensor, twoInputs } from './specimens.ts';

/** What a tensor is, for a comparison. */
const shown = ({ name, type, dims, data }: Samples['inputs'][number]) => [
  name,
  type,
  dims,
  [...data].map(String),
];

describe('columns become tensors', () => {
  const cases: [what: string, ending: string, content: string | Uint8Array, Signature, inputs: unknown[]][] =
    [
      [
        'CSV: features in their order',
        '.csv',
        'age,income\n1,2\n3,4\n',
        classifier,
        [['x', 'float32', [2, 2], ['1', '2', '3', '4']]],
      ],
      [
        'CSV: quotes, CRLF, a byte order mark and empty lines',
        '.csv',
        '\uFEFF"age, in years",income\r\n\r\n"1",2\r\n',
        classifier,
        [['x', 'float32', [1, 2], ['1', '2']]],
      ],
      [
        'CSV: an input by its name, and its elements by theirs',
        '.csv',
        'ids[1],a,ids[0]\n8,0.5,7\n',
        twoInputs,
        [
          ['a', 'float32', [1, 1], ['0.5']],
          ['ids', 'int64', [1, 2], ['7', '8']],
        ],
      ],
      [
        'CSV: spaces, where the model has _',
        '.csv',
        'b,a b\n1,2\n',
        signature([tensor('a_b', ['N'], 'FP32'), tensor('b', ['N'], 'FP32')]),
        [
          ['a_b', 'float32', [1], ['2']],
          ['b', 'float32', [1], ['1']],
        ],
      ],
      [
        'CSV: booleans, where the model has numbers',
        '.csv',
        'age,income\nTrue,false\n',
        classifier,
        [['x', 'float32', [1, 2], ['1', '0']]],
      ],
      [
        'CSV: an empty cell is NaN, and infinities have their names',
        '.csv',
        'age,income\n,-inf\n',
        classifier,
        [['x', 'float32', [1, 2], ['NaN', '-Infinity']]],
      ],
      [
        'JSON Lines: null and a missing key are NaN',
        '.jsonl',
        '{"age":null,"income":1}\n{"income":2}\n{"age":"NA","income":"3"}\n',
        classifier,
        [['x', 'float32', [3, 2], ['NaN', '1', 'NaN', '2', 'NaN', '3']]],
      ],
      [
        'CSV: text',
        '.csv',
        'x\nNaN\n',
        signature([tensor('x', ['N', 1], 'BYTES')]),
        [['x', 'string', [1, 1], ['NaN']]],
      ],
      [
        'CSV: pandas writes whole numbers with a fraction',
        '.csv',
        'x\n3.0\n',
        signature([tensor('x', ['N', 1], 'INT32')]),
        [['x', 'int32', [1, 1], ['3']]],
      ],
      [
        'CSV: booleans',
        '.csv',
        'x\nTrue\n0\n',
        signature([tensor('x', ['N'], 'BOOL')]),
        [['x', 'bool', [2], ['1', '0']]],
      ],
      [
        'JSON Lines: features by column',
        '.jsonl',
        '{"age":1,"income":2}\n\n{"income":4,"age":3}\n',
        classifier,
        [['x', 'float32', [2, 2], ['1', '2', '3', '4']]],
      ],
      [
        'JSON Lines: a row of a tensor is an array of any depth',
        '.ndjson',
        '{"x":[[1,2],[3,4]]}\n{"x":[[5,6],[7,8]]}',
        signature([tensor('x', ['N', 2, 2])]),
        [['x', 'float32', [2, 2, 2], ['1', '2', '3', '4', '5', '6', '7', '8']]],
      ],
      [
        'JSON Lines: a whole number beyond 2^53 is a string',
        '.jsonl',
        '{"x":"9007199254740993"}',
        signature([tensor('x', ['N', 1], 'INT64')]),
        [['x', 'int64', [1, 1], ['9007199254740993']]],
      ],
      [
        'NPZ: an array an input',
        '.npz',
        npz({
          a: { dtype: '<f8', shape: [2, 1], data: Float64Array.of(0.5, 1.5) },
          ids: { dtype: '<i8', shape: [2, 2], data: BigInt64Array.of(1n, 2n, 3n, -4n) },
        }),
        twoInputs,
        [
          ['a', 'float32', [2, 1], ['0.5', '1.5']],
          ['ids', 'int64', [2, 2], ['1', '2', '3', '-4']],
        ],
      ],
      [
        'NPZ: an array in the order of Fortran',
        '.npz',
        npz({ x: { dtype: '<f4', shape: [2, 2], data: Float32Array.of(1, 3, 2, 4), fortran: true } }),
        classifier,
        [['x', 'float32', [2, 2], ['1', '2', '3', '4']]],
      ],
      [
        'NPZ: booleans',
        '.npz',
        npz({ x: { dtype: '|b1', shape: [2], data: Uint8Array.of(1, 0) } }),
        signature([tensor('x', ['N'], 'BOOL')]),
        [['x', 'bool', [2], ['1', '0']]],
      ],
    ];

  test.each(cases)('%s', async (_, ending, content, ofModel, inputs) => {
    const samples = await read(ending, content, ofModel);
    expect(samples.inputs.map(shown)).toEqual(inputs);
    expect(samples.expected).toEqual([]);
  });

  test('features are named where there are any', async () => {
    expect(await read('.csv', 'age,income\n1,2\n', classifier)).toMatchObject({
      features: ['age', 'income'],
    });
    expect(await read('.jsonl', '{"x":[1,2]}', classifier)).not.toHaveProperty('features');
  });

  test('columns of outputs are what is expected, in the order of the model’s labels', async () => {
    const { expected, features } = await read('.csv', 'p[yes],a,label,p[no],b\n0.9,1,7,0.1,2\n', classifier);
    expect(features).toEqual(['a', 'b']);
    expect(expected.map(shown)).toEqual([
      ['label', 'int64', [1], ['7']],
      ['p', 'float32', [1, 2], [Math.fround(0.1), Math.fround(0.9)].map(String)],
    ]);
  });
});
