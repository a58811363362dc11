import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { RequestError } from '../../../lib/runtime/errors.ts';
import { plainServer } from '../../../lib/runtime/http/platform.ts';
import { type Score, type Tensor, tensor } from '../../../lib/runtime/score/define.ts';
import { makeScratch, openWith, post, pressIdentities } from '../http/models.ts';

const scratch = makeScratch();
let dir: string;

beforeAll(async () => {
  dir = await pressIdentities(scratch.dir, 'pairs', [['x', 'y', 'FLOAT', ['N', 2]]]);
});

afterAll(() => scratch.remove());

const right: Score<number> = {
  encode: rows => ({
    x: tensor(
      'FP32',
      [rows.length, 2],
      rows.flatMap(row => [row, row]),
    ),
  }),
  decode: (_, rows) => rows,
};

/** A JavaScript score may give anything. */
// biome-ignore lint/suspicious/noExplicitAny: the types would refuse these
type Broken = Record<string, any>;
const encodes = (tensors: Record<string, Tensor>): Broken => ({ encode: () => tensors });

test.each<[name: string, broken: Broken, log: RegExp]>([
  [
    'name',
    encodes({ wrong: tensor('FP32', [1, 2], [1, 2]) }),
    /^encode of .* the model has no input "wrong"/,
  ],
  ['missing input', encodes({}), /^encode of .* input "x" is missing/],
  ['rank', encodes({ x: tensor('FP32', [2], [1, 2]) }), /^encode of .* input "x" has 1 dimension/],
  ['dimension', encodes({ x: tensor('FP32', [1, 3], [1, 2, 3]) }), /^encode of .* dimension 1 is 3/],
  [
    'datatype',
    encodes({ x: tensor('INT32', [1, 2], [1, 2]) }),
    /^encode of .* datatype of input "x" is "INT32"/,
  ],
  ['count', encodes({ x: tensor('FP32', [1, 2], [1]) }), /^encode of .* has 1 element/],
  ['nesting', encodes({ x: tensor('FP32', [1, 2], [[1]]) }), /^encode of .* has 1 where the shape says 2/],
  ['no tensors', { encode: () => {} }, /^encode of your score returned undefined; expected an object/],
  ['no results', { decode: () => {} }, /^decode of your score returned undefined; expected an array/],
  ['too few results', { decode: () => [] }, /^decode of your score returned 0 results; expected/],
  ['an undefined result', { decode: () => [undefined] }, /^decode .* returned undefined for record 1/],
  ['a hole', { decode: () => Array(1) }, /^decode .* returned undefined for record 1/],
  ['a BigInt', { decode: () => [1n] }, /^decode .* returned bigint for record 1/],
  ['a function', { decode: () => [() => 1] }, /^decode .* returned function for record 1/],
])('a mistake of the score is an internal error for the caller: %s', async (_, broken, log) => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const tally = { records: 0, failures: 0 };
  const { http } = openWith(dir, { score: { ...right, ...broken } as Score });
  const response = await http(post('/', 7), { ...plainServer, tally });
  expect(response).toMatchObject({ status: 500, body: '{"error":"internal error"}' });
  expect(tally).toEqual({ records: 1, failures: 1 });
  expect((logged.mock.calls[0]![0] as Error).message).toMatch(log);
  logged.mockRestore();
});

test.each<[name: string, changes: Broken, body: unknown, status: number]>([
  ['a RequestError that encode throws', { encode: () => Promise.reject(odd()) }, 7, 409],
  ['a RequestError in place of a result', { decode: () => [odd()] }, 7, 409],
  ['a value that the model does not take, from a record', {}, 'text', 400],
  ['null as a result', { decode: () => [null] }, 7, 200],
])('stays as it is: %s', async (_, changes, body, status) => {
  const { http } = openWith(dir, { score: { ...right, ...changes } as Score });
  expect(await http(post('/', JSON.stringify(body)))).toMatchObject({ status });
});

test('a record without a result fails alone', async () => {
  const decode: Broken['decode'] = (_: unknown, rows: number[]) =>
    rows.map(row => (row === 2 ? undefined : row));
  const { scoreRecords } = openWith(dir, { score: { ...right, decode } as Score });
  expect(await scoreRecords([1, 2, 3])).toMatchObject([
    { ok: true, result: 1 },
    { ok: false, final: true },
    { ok: true, result: 3 },
  ]);
});

test.each<[name: string, broken: unknown]>([
  ['a record that is no schema', { ...right, record: { age: 1 } }],
  ['a null record', { ...right, record: null }],
  ['no decode', { encode: right.encode }],
  ['null', null],
])('a score is refused when it is opened: %s', (_, broken) => {
  expect(() => openWith(dir, { score: broken as Score })).toThrow(/score/);
});

function odd(): RequestError {
  return new RequestError(409, 'ODD', 'odd');
}
