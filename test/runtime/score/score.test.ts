import { describe, expect, test, vi } from 'vitest';
import { failsTogether } from '../../../lib/contract/score-log.ts';
import { type DeclaredTensor, declareRows } from '../../../lib/model/rows/declared.ts';
import { RequestError } from '../../../lib/runtime/errors.ts';
import { checkedScore } from '../../../lib/runtime/score/checked-score.ts';
import { defaultScore } from '../../../lib/runtime/score/default-score.ts';
import { defineScore, tensor } from '../../../lib/runtime/score/define.ts';
import { nameRecords } from '../../../lib/runtime/score/name-records.ts';
import { recordScorer } from '../../../lib/runtime/score/score-records.ts';
import { echo, fakeModel } from './fake-model.ts';

function spec(shape: DeclaredTensor['shape'], changes: Partial<DeclaredTensor> = {}): DeclaredTensor {
  return { name: 'x', datatype: 'FP32', shape, ...changes };
}

/** Records through the score that the signature suggests, to a model that gives back what it gets. */
function scorer(
  input: DeclaredTensor,
  { features, labels }: { features?: string[]; labels?: string[] } = {},
) {
  const output = { datatype: input.datatype, ...(labels && { labels }) };
  const { inputs, outputs } = declareRows([input], [{ ...input, name: 'y' }]);
  const signature = { inputs, outputs: outputs.map(spec => ({ ...spec, rowAxis: inputs[0]!.rowAxis })) };
  const model = fakeModel(signature, { run: echo('y', output), ...(features && { features }) });
  return { model, score: recordScorer(model, defaultScore(model.manifest) as never) };
}

const cases: {
  name: string;
  input: DeclaredTensor;
  features?: string[];
  labels?: string[];
  record: unknown;
  result: unknown;
  runs: number;
}[] = [
  { name: 'a value a record', input: spec(['N']), record: 7, result: 7, runs: 1 },
  { name: 'a row', input: spec(['N', 2]), record: [1, 2], result: [1, 2], runs: 1 },
  { name: 'a row under its name', input: spec([-1, 2]), record: { x: [1, 2] }, result: [1, 2], runs: 1 },
  {
    name: 'named features',
    input: spec(['N', 2]),
    features: ['a', 'b'],
    record: { b: 2, a: 1, id: 'k' },
    result: [1, 2],
    runs: 1,
  },
  {
    name: 'labels',
    input: spec(['N', 2]),
    labels: ['no', 'yes'],
    record: [1, 2],
    result: { no: 1, yes: 2 },
    runs: 1,
  },
  { name: 'a column alone', input: spec(['N', 1]), record: { x: 5 }, result: [5], runs: 1 },
  {
    name: 'nested',
    input: spec(['N', 2, 2]),
    record: [
      [1, 2],
      [3, 4],
    ],
    result: [
      [1, 2],
      [3, 4],
    ],
    runs: 1,
  },
  {
    name: 'flat, where nested',
    input: spec(['N', 2, 2]),
    record: [1, 2, 3, 4],
    result: [
      [1, 2],
      [3, 4],
    ],
    runs: 1,
  },
  {
    name: 'a dimension of its own',
    input: spec(['N', 'length']),
    record: [1, 2, 3],
    result: [1, 2, 3],
    runs: 1,
  },
  { name: 'no shape in the signature', input: spec(null), record: [[1, 2]], result: [[1, 2]], runs: 1 },
  {
    name: 'one at a time, by a first dimension of 1',
    input: spec([1, 2]),
    record: [1, 2],
    result: [1, 2],
    runs: 3,
  },
  { name: 'one at a time, without a batch', input: spec([3]), record: [1, 2, 3], result: [1, 2, 3], runs: 3 },
  { name: 'a scalar', input: spec([]), record: 4, result: 4, runs: 3 },
];

describe('without a score.ts', () => {
  test.each([
    { features: ['mean_radius', 'b'], record: { b: 2, 'mean radius': 1 } },
    { features: ['mean radius', 'b'], record: { b: 2, mean_radius: 1 } },
    { features: ['a b', 'a_b'], record: { a_b: 2, 'a b': 1 } },
  ])('spaces and _ are one spelling: $record', async ({ features, record }) => {
    const { score } = scorer(spec(['N', 2]), { features });
    expect(await score([record])).toEqual([{ ok: true, result: { y: [1, 2] } }]);
  });

  test.each(cases)('$name', async ({ input, record, result, runs, ...changes }) => {
    const { model, score } = scorer(input, changes);
    expect(await score([record, record, record])).toEqual(Array(3).fill({ ok: true, result: { y: result } }));
    expect(model.runs).toHaveLength(runs);
  });

  test.each([
    {
      name: 'no feature at all',
      features: ['a', 'b'],
      record: { c: 1 },
      message: 'record 2: it has none of "a", "b"; its fields are "c"',
    },
    {
      name: 'a feature that is spelled otherwise',
      features: ['a', 'b'],
      record: { a: 1, ' B': 2 },
      message: 'record 2: " B" is unknown; did you mean "b"?',
    },
    {
      name: 'a feature with another separator',
      features: ['mean radius', 'b'],
      record: { 'mean-radius': 1, b: 2 },
      message: 'record 2: "mean-radius" is unknown; did you mean "mean radius"?',
    },
    ...['sepal_lenght', 'sepal_lengt', 'sepal_lengthh', 'sepal_langth', 'epal_length'].map(typo => ({
      name: `a typing error, ${typo},`,
      features: ['sepal_length', 'b'],
      record: { [typo]: 1, b: 2, sepal_width: 3 },
      message: `record 2: "${typo}" is unknown; did you mean "sepal_length"?`,
    })),
    {
      name: 'a number beyond a double',
      record: JSON.parse('[1e400, 2]'),
      message: /^record 2: 0 is a number beyond/,
    },
    { name: 'a wrong count', record: [1, 2, 3], message: 'record 2: input "x" has 3 elements; expected 2' },
    { name: 'text', record: ['x', 2], message: /^record 2: input "x", element 0 is "x"/ },
    { name: 'nothing', record: null, message: /^record 2: / },
  ])('$name fails alone, by its own number', async ({ record, message, ...changes }) => {
    const { model, score } = scorer(spec(['N', 2]), changes);
    const { features } = changes;
    const good = features ? Object.fromEntries(features.map((name, index) => [name, index])) : [1, 2];
    const outcomes = nameRecords(await score([good, record, good]));
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(outcomes[1]).toMatchObject({
      final: true,
      error: { message: expect.stringMatching(message) },
    });
    expect(model.runs).toHaveLength(1);
  });

  test.each<[string, string[], object]>([
    ['a name that is far from the missing one', ['income', 'b'], { b: 2, outcome: 1 }],
    ['a short name', ['rate', 'b'], { b: 2, date: 1 }],
    ['another number', ['lag_12', 'b'], { b: 2, lag_13: 1 }],
    ['a name near one that is there', ['income', 'b'], { b: 2, income: 1, incomes: 1 }],
    ['a name with two other letters', ['sepal_width', 'b'], { b: 2, petal_width: 1 }],
  ])('%s is ignored', async (_, features, record) => {
    const { score } = scorer(spec(['N', 2]), { features });
    expect(await score([record])).toMatchObject([{ ok: true }]);
  });

  test('records of different lengths are run by those that are alike', async () => {
    const { score } = scorer(spec(['N', 'length']));
    const outcomes = await score([[1], [2], [3, 4], [5, 6]]);
    expect(outcomes).toEqual([[1], [2], [3, 4], [5, 6]].map(y => ({ ok: true, result: { y } })));
  });

  test('several inputs, one of them optional', async () => {
    const inputs = [
      spec(['N'], { name: 'a' }),
      spec(['N'], { name: 'b', datatype: 'BYTES' }),
      spec([1], { name: 'c', optional: true }),
    ];
    const run = ({ a, b }: Record<string, { shape: readonly number[]; data: unknown }>) => [
      {
        name: 'y',
        datatype: 'BYTES' as const,
        shape: [...b!.shape],
        data: (b!.data as string[]).map((text, i) => text + (a!.data as Float32Array)[i]),
      },
    ];
    const model = fakeModel(declareRows(inputs, [spec(['N'], { name: 'y', datatype: 'BYTES' })]), { run });
    const score = recordScorer(model, defaultScore(model.manifest) as never);
    expect(
      await score([
        { a: 1, b: 'x' },
        { a: 2, b: 'y' },
      ]),
    ).toEqual([
      { ok: true, result: { y: 'x1' } },
      { ok: true, result: { y: 'y2' } },
    ]);
    expect(model.runs).toHaveLength(1);
    expect(await score([{ a: 1, b: 'x', C: 3 }])).toMatchObject([
      { error: { message: '"C" is unknown; did you mean "c"?' } },
    ]);
    expect(await score([{ a: 1, bee: 'x', z: 2 }])).toMatchObject([
      { error: { message: '"b" is missing, and "bee", "z" are unknown' } },
    ]);
    expect(await score([{ a: 1, c: 3 }])).toMatchObject([
      { error: { message: 'feature "b" is missing; expected a string' } },
    ]);
  });

  test('an output that is one for the whole batch is told by running one by one', async () => {
    const run = ({ x }: Record<string, { data: unknown }>) => {
      const sum = (x!.data as Float32Array).reduce((total, value) => total + value, 0);
      return [{ name: 'y', datatype: 'FP32' as const, shape: [], data: Float32Array.of(sum) }];
    };
    const model = fakeModel(declareRows([spec(['N'])], [spec([], { name: 'y' })]), { run });
    const score = recordScorer(model, defaultScore(model.manifest) as never);
    expect(await score([1, 2])).toEqual([1, 2].map(y => ({ ok: true, result: { y } })));
  });
});

describe('a batch', () => {
  const base = defineScore<number, unknown>({
    encode: records => ({ x: tensor('FP32', [records.length], records) }),
    decode: (outputs, records) => records.map((_, i) => (outputs.y!.data as Float32Array)[i]),
  });
  const signature = declareRows([spec(['N'])], [spec(['N'], { name: 'y' })]);
  const build = (changes: Partial<typeof base> = {}, events = {}) => {
    const model = fakeModel(signature, { run: echo('y', { datatype: 'FP32' }), events });
    return { model, score: recordScorer(model, { ...base, ...changes } as never) };
  };

  test('is divided by the configured maximum', async () => {
    const { model, score } = build({}, { maxBatch: 4 });
    expect(await score([...Array(10).keys()])).toHaveLength(10);
    expect(model.runs.map(({ inputs }) => inputs[0]!.shape[0])).toEqual([4, 4, 2]);
  });

  test('that the run refuses is halved until the poison stands alone', async () => {
    const { model, score } = build();
    const outcomes = await score(Array.from({ length: 64 }, (_, i) => (i === 40 ? -1 : i)));
    expect(outcomes.flatMap(({ ok }, i) => (ok ? [] : [i]))).toEqual([40]);
    expect(model.runs.length).toBeLessThanOrEqual(2 * Math.log2(64) + 1);
  });

  test.each([
    { name: 'divided', events: { maxBatch: 4 }, poison: 0, runs: 3 },
    { name: 'halved', events: {}, poison: -1, runs: 5 },
  ])('that is $name lets the event loop turn between two runs', async ({ events, poison, runs }) => {
    let turn = 0;
    const tick = () => {
      turn += 1;
      next = setImmediate(tick);
    };
    let next = setImmediate(tick);
    const turns: number[] = [];
    const encode = (rows: number[]) => {
      turns.push(turn);
      return base.encode(rows);
    };
    await build({ encode }, events).score([1, 2, 3, 4, 5, 6, 7, 8, 9, poison]);
    clearImmediate(next);
    expect(turns.length).toBeGreaterThanOrEqual(runs);
    expect(new Set(turns).size).toBe(turns.length);
  });

  test('has a RequestError in the place of one result', async () => {
    const decode = (_: unknown, records: number[]) =>
      records.map(x => (x === 2 ? new RequestError(422, 'ODD', 'odd one') : x));
    const outcomes = await build({ decode }).score([1, 2, 3]);
    expect(outcomes).toMatchObject([
      { ok: true, result: 1 },
      { ok: false, final: true },
      { ok: true, result: 3 },
    ]);
  });

  test.each([
    { name: 'unknown, and others went through', error: new TypeError('x'), records: [1, 2], final: true },
    { name: 'unknown, and none went through', error: new TypeError('x'), records: [2], final: false },
    { name: 'of the moment', error: new RequestError(503, 'LATER', 'later'), records: [2], final: false },
  ])('an error that is $name: final $final', async ({ error, records, final }) => {
    const encode = (rows: number[]) => {
      if (rows.includes(2)) {
        throw error;
      }
      return base.encode(rows);
    };
    expect((await build({ encode }).score(records)).at(-1)).toMatchObject({ ok: false, final });
  });

  test.each([
    { name: 'a mistake of the score', error: new TypeError('x'), lines: 1 },
    { name: 'a limit', error: new RequestError(413, 'LARGE', 'too large'), lines: 0 },
  ])('that fails only as a whole is logged once if the error is $name', async ({ error, lines }) => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    const encode = (rows: number[]) => {
      if (rows.length > 1) {
        throw error;
      }
      return base.encode(rows);
    };
    const { score } = build(checkedScore({ ...base, encode } as never) as never);
    const results = [1, 2, 3, 4].map(result => ({ ok: true, result }));
    expect(await score([1, 2, 3, 4])).toEqual(results);
    expect(await score([1, 2, 3, 4])).toEqual(results);
    expect(log.mock.calls).toEqual(Array(lines).fill([failsTogether, error]));
    log.mockRestore();
  });

  test('a record that fails alone as well is not logged as a mistake of batches', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    await build(checkedScore(base as never) as never).score([1, -1]);
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });

  test('an error of the moment is not looked for by halving', async () => {
    let calls = 0;
    const encode = () => {
      calls++;
      throw new RequestError(503, 'LATER', 'later');
    };
    await build({ encode }).score([1, 2, 3, 4]);
    expect(calls).toBe(1);
  });

  test('for which no time is left fails at once', async () => {
    const { model, score } = build();
    const outcomes = await score([1, 2], { remainingMs: () => 0 });
    expect(outcomes).toMatchObject(
      Array(2).fill({ ok: false, final: false, error: { status: 503, code: 'DEADLINE' } }),
    );
    expect(model.runs).toHaveLength(0);
  });
});
