import { describe, expect, test } from 'vitest';
import type { Datatype, Signature } from '../../../lib/contract/manifest.ts';
import { readSamples } from '../../../lib/model/samples/samples.ts';
import { npz } from './npy.ts';
import { classifier, read, signature, tensor, twoInputs } from './specimens.ts';

describe('what cannot be read is refused by row and column', () => {
  const one = (datatype: Datatype) => signature([tensor('x', ['N', 1], datatype)]);
  const cases: [
    what: string,
    ending: string,
    content: string | Uint8Array,
    Signature,
    code: string,
    says: RegExp,
  ][] = [
    ['another format', '.xlsx', '', classifier, 'SAMPLES_FORMAT', /\.xlsx has a format/],
    ['a header alone', '.csv', 'a,b\n', classifier, 'SAMPLES_INVALID', /has no rows/],
    ['an empty file', '.jsonl', '', classifier, 'SAMPLES_INVALID', /has no rows/],
    ['no zip', '.npz', 'PK?', classifier, 'SAMPLES_INVALID', /\.npz: /],
    ['a short row', '.csv', 'a,b\n1,2\n3\n', classifier, 'SAMPLES_INVALID', /row 2/],
    ['a column that stands twice', '.csv', 'a,a\n1,2\n', classifier, 'SAMPLES_INVALID', /"a" is there twice/],
    [
      'a word for a number',
      '.csv',
      'a,b\n1,2\n3,x\n',
      classifier,
      'SAMPLES_INVALID',
      /row 2, column "b": "x" is not a valid FP32/,
    ],
    ['a decimal comma', '.csv', 'a,b\n1,"2,5"\n', classifier, 'SAMPLES_INVALID', /"2,5" is not a valid FP32/],
    [
      'a fraction for a whole number',
      '.csv',
      'x\n1.5\n',
      one('INT32'),
      'SAMPLES_INVALID',
      /"1\.5" is not a valid INT32/,
    ],
    [
      'an empty cell for a whole number',
      '.jsonl',
      '{"x":""}',
      one('INT32'),
      'SAMPLES_INVALID',
      /the value is missing/,
    ],
    [
      'too large for its type',
      '.csv',
      'x\n256\n',
      one('UINT8'),
      'SAMPLES_INVALID',
      /"256" is not a valid UINT8/,
    ],
    [
      'too small for its type',
      '.csv',
      'x\n-1\n',
      one('UINT64'),
      'SAMPLES_INVALID',
      /"-1" is not a valid UINT64/,
    ],
    [
      'past 64 bits',
      '.csv',
      'x\n9223372036854775808\n',
      one('INT64'),
      'SAMPLES_INVALID',
      /is not a valid INT64/,
    ],
    [
      'rounded by JSON',
      '.jsonl',
      '{"x":9007199254740993}',
      one('INT64'),
      'SAMPLES_INVALID',
      /is not a valid INT64/,
    ],
    ['a word for a boolean', '.csv', 'x\nyes\n', one('BOOL'), 'SAMPLES_INVALID', /"yes" is not a valid BOOL/],
    [
      'a name that objects have',
      '.csv',
      'x\nconstructor\n',
      one('BOOL'),
      'SAMPLES_INVALID',
      /"constructor" is not a valid BOOL/,
    ],
    [
      'null for a whole number',
      '.jsonl',
      '{"x":null}',
      one('INT8'),
      'SAMPLES_INVALID',
      /the value is missing/,
    ],
    ['null for a text', '.jsonl', '{"x":null}', one('BYTES'), 'SAMPLES_INVALID', /the value is missing/],
    ['a number for a text', '.jsonl', '{"x":7}', one('BYTES'), 'SAMPLES_INVALID', /7 is not a valid BYTES/],
    [
      'a finite number that would be infinite',
      '.csv',
      'x\n1e39\n',
      one('FP32'),
      'SAMPLES_INVALID',
      /is not a valid FP32/,
    ],
    [
      'a line that is no JSON',
      '.jsonl',
      '{"x":1}\n{"x":}\n',
      one('FP32'),
      'SAMPLES_INVALID',
      /line 2: Unexpected token/,
    ],
    [
      'a line that is no object',
      '.jsonl',
      '{"x":1}\n[1]\n',
      one('FP32'),
      'SAMPLES_INVALID',
      /line 2 is not an object/,
    ],
    [
      'a key too few',
      '.jsonl',
      '{"x":1}\n{}\n',
      one('BOOL'),
      'SAMPLES_INVALID',
      /row 2, .*"x": the value is missing/,
    ],
    [
      'a key too many',
      '.jsonl',
      '{"x":1}\n{"x":1,"z":1}\n',
      one('FP32'),
      'SAMPLES_INVALID',
      /line 2 has "z"/,
    ],
    [
      'rows of different lengths',
      '.jsonl',
      '{"x":[1,2]}\n{"x":[1]}',
      classifier,
      'SAMPLES_INVALID',
      /rows of "x" differ/,
    ],
    [
      'arrays of different lengths',
      '.npz',
      npz({
        a: { dtype: '<f4', shape: [1], data: Float32Array.of(1) },
        ids: { dtype: '<i8', shape: [2, 1], data: BigInt64Array.of(1n, 2n) },
      }),
      twoInputs,
      'SAMPLES_INVALID',
      /different numbers of rows: 1, 2/,
    ],
    [
      'complex numbers',
      '.npz',
      npz({ x: { dtype: '<O', shape: [1], data: Uint8Array.of(1) } }),
      one('FP32'),
      'SAMPLES_INVALID',
      /Unsupported dtype/,
    ],
    ['too few features', '.csv', 'a\n1\n', classifier, 'SAMPLES_COLUMNS', /1 feature column; .* "x" has 2/],
    ['a column that no tensor has', '.csv', 'x,z\n1,2\n', one('FP32'), 'SAMPLES_COLUMNS', /does not know: z/],
    ['an input without a column', '.csv', 'a\n1\n', twoInputs, 'SAMPLES_COLUMNS', /no column for ids/],
    [
      'a label that the model has not',
      '.csv',
      'a,b,p[0],p[1]\n1,2,3,4\n',
      classifier,
      'SAMPLES_COLUMNS',
      /p\[0\], p\[1\] for "p"/,
    ],
    ['a label too few', '.csv', 'a,b,p[yes]\n1,2,1\n', classifier, 'SAMPLES_COLUMNS', /p\[yes\] for "p"/],
  ];

  test.each(cases)('%s', async (_, ending, content, ofModel, code, says) => {
    await expect(read(ending, content, ofModel)).rejects.toMatchObject({
      name: 'ColdpressError',
      code,
      message: expect.stringMatching(says),
    });
  });

  test('the hint has the columns that the model has', async () => {
    await expect(read('.csv', 'a,b,prediction\n1,2,0.5\n', classifier)).rejects.toMatchObject({
      hint: expect.stringContaining('label, p[no], p[yes]'),
    });
    await expect(read('.csv', 'a,b,p.no,p.yes\n1,2,0,1\n', classifier)).rejects.toMatchObject({
      hint: expect.stringContaining('"p[no]"'),
    });
    await expect(read('.csv', 'x,prediction\n1,0.5\n', one('FP32'))).rejects.toMatchObject({
      hint: 'inputs have the columns x; expected values have y',
    });
  });

  test('a file that is not there', async () => {
    await expect(readSamples('missing.csv', classifier)).rejects.toMatchObject({ code: 'SAMPLES_MISSING' });
  });
});
