import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Config, parseConfig } from '../../lib/pack/config.ts';
import { packLoaded } from '../../lib/pack/pack.ts';
import { folder, root } from '../cli/coldpress.ts';
import { doubling } from '../model/doubling.ts';

/** What `pack` finds when it sends the samples through a score. */

/** Line 5 is that of `encode`, line 6 that of `decode`. */
function score({
  schema = '',
  encode = "({ x: { datatype: 'FP32', shape: [rows.length, 2], data: rows.map(row => [row.age, row.income]) } })",
  decode = 'rows.map((_, row) => outputs.y.data[2 * row])',
}: {
  schema?: string;
  encode?: string;
  decode?: string;
}): string {
  return `import { RequestError } from 'coldpress/runtime';
import * as v from 'valibot';
export default {
  ${schema}
  encode: rows => ${encode},
  decode: (outputs, rows) => ${decode},
};
`;
}

const natural = 'age,income\n30,1\n40,2\n';
/** The whole input, as the model takes it. */
const tensors = '{"x":[30,1]}\n{"x":[40,2]}\n';
const refusal = { code: 'SCORE_FAILED' };
const undefinedAge = { schema: 'record: v.object({ agge: v.number() }),' };
const throwing = { encode: 'rows.map(row => row.nope.x)' };
const oneBad = {
  decode: "rows.map(row => row.age > 35 ? new RequestError(422, 'OLD', 'too old') : row.age)",
};

const oneByOne = { decode: "{ if (rows.length > 1) throw new Error('one at a time'); return [1]; }" };
const alone = { message: 'Error: one at a time', place: 'score.ts:6' };
const forTensors = {
  encode: "({ x: { datatype: 'FP32', shape: [rows.length, 2], data: rows.map(({ x }) => x) } })",
};

type Expected = { code: string; message?: unknown } | { score: object };

const cases: [name: string, config: Config, files: { score: string; csv?: string }, Expected][] = [
  [
    'a score that answers',
    { samples: 'samples.csv' },
    { score: score({}) },
    { score: { ran: true, origin: 'samples', records: 2, answered: 2 } },
  ],
  ['a score that throws', { samples: 'samples.csv' }, { score: score(throwing) }, refusal],
  [
    'a score that returns nothing',
    { samples: 'samples.csv' },
    { score: score({ decode: 'undefined' }) },
    refusal,
  ],
  ['a score that misses a name', { samples: 'samples.csv' }, { score: score(undefinedAge) }, refusal],
  [
    'a score that ends the process',
    { samples: 'samples.csv' },
    { score: score({ decode: 'process.exit()' }) },
    { ...refusal, message: expect.stringContaining('process.exit()') },
  ],
  [
    'a score that ends the process of a container',
    { samples: 'samples.csv', target: 'container' },
    { score: score({ decode: 'process.exit()' }) },
    { ...refusal, message: expect.stringContaining('process.exit()') },
  ],
  [
    'a score that throws before its export',
    { samples: 'samples.csv' },
    { score: `throw new Error('no table');\n${score({})}` },
    { ...refusal, message: expect.stringContaining('at score.ts:1: Error: no table') },
  ],
  ['a score that cannot start', { samples: 'samples.csv' }, { score: `${score({})}nope();` }, refusal],
  [
    'one sample that fails',
    { samples: 'samples.csv' },
    { score: score(oneBad) },
    { score: { ran: true, records: 2, answered: 1, failure: { record: 2, message: 'too old' } } },
  ],
  [
    'samples that are tensors, while the score has records of its own',
    { samples: 'samples.jsonl' },
    { score: score(undefinedAge) },
    { score: { ran: true, records: 2, answered: 0, failure: { record: 1 } } },
  ],
  [
    'samples that are not for the score',
    { samples: { path: 'samples.csv', score: false } },
    { score: score(throwing) },
    { score: { ran: false, reason: 'samples.score is false' } },
  ],
  [
    'the golden vector',
    {},
    { score: score(throwing) },
    {
      score: {
        ran: true,
        origin: 'golden vector',
        records: 1,
        answered: 0,
        failure: { message: expect.stringContaining('TypeError'), place: 'score.ts:5' },
      },
    },
  ],
  [
    'no encode and decode',
    {},
    { score: 'export default {}' },
    { score: { ran: true, origin: 'golden vector', startFailed: true } },
  ],
  [
    'a decode that fails for several records at once',
    { samples: 'samples.csv' },
    { score: score(oneByOne) },
    { score: { ran: true, records: 2, answered: 2, together: alone } },
  ],
  [
    'a decode that fails for several records at once, and a golden vector',
    {},
    { score: score({ ...forTensors, ...oneByOne }) },
    { score: { origin: 'golden vector', records: 1, answered: 1, together: alone } },
  ],
  [
    'a decode that fails for several records at once, in a container',
    { samples: 'samples.csv', target: 'container' },
    { score: score(oneByOne) },
    { score: { records: 2, answered: 2, together: alone } },
  ],
  [
    'a decode that throws text for several records at once',
    { samples: 'samples.csv' },
    { score: score({ decode: "{ if (rows.length > 1) throw 'only one'; return [1]; }" }) },
    { score: { records: 2, answered: 2, together: { message: 'only one' } } },
  ],
  [
    'a decode that gives every record the result of the first',
    { samples: 'three.csv' },
    { score: score({ decode: 'rows.map(() => outputs.y.data[0])' }) },
    { score: { records: 3, answered: 3, isConstant: true } },
  ],
  [
    'a container',
    { samples: 'samples.csv', target: 'container' },
    { score: score({}) },
    { score: { ran: true, records: 2, answered: 2 } },
  ],
];

test.each(cases)('%s', async (name, config, files, expected) => {
  const dir = folder(`score-${name}`);
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'), 'junction');
  writeFileSync(join(dir, 'model.onnx'), doubling());
  writeFileSync(join(dir, 'score.ts'), files.score);
  writeFileSync(join(dir, 'samples.csv'), natural);
  writeFileSync(join(dir, 'three.csv'), `${natural}50,3\n`);
  writeFileSync(join(dir, 'samples.jsonl'), tensors);
  const given = parseConfig({ ...config, model: 'model.onnx', score: 'score.ts' }, 'the config');
  const packing = packLoaded({ config: given, dir }, { cwd: dir, env: process.env });
  if ('code' in expected) {
    await expect(packing).rejects.toMatchObject(expected);
    expect(existsSync(join(dir, 'build'))).toBe(false);
  } else {
    expect(await packing).toMatchObject(expected);
  }
});

test('a score that has answered all samples is run again only where something has changed', async () => {
  const dir = folder('score-again');
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'), 'junction');
  writeFileSync(join(dir, 'model.onnx'), doubling());
  const given = parseConfig({ model: 'model.onnx', score: 'score.ts', samples: 'samples.csv' }, 'the config');
  const env = { ...process.env, COLDPRESS_CACHE_DIR: join(dir, 'cache') };
  /** Packs, and returns whether the score was run, and the answers that are reported. */
  const packWith = async (text: string, csv = natural) => {
    writeFileSync(join(dir, 'score.ts'), text);
    writeFileSync(join(dir, 'samples.csv'), csv);
    const steps: string[] = [];
    const packed = await packLoaded(
      { config: given, dir },
      { cwd: dir, env, onProgress: step => steps.push(step) },
    );
    return { ran: steps.includes('running the score'), score: packed.score };
  };
  const answered = { ran: true, records: 2, answered: 2 };
  expect(await packWith(score({}))).toMatchObject({ ran: true, score: answered });
  expect(await packWith(score({}))).toMatchObject({ ran: false, score: answered });
  expect(await packWith(score({}), 'age,income\n30,1\n41,2\n')).toMatchObject({ ran: true, score: answered });
  for (let attempt = 0; attempt < 2; attempt++) {
    expect(await packWith(score(oneBad))).toMatchObject({ ran: true, score: { records: 2, answered: 1 } });
    expect(await packWith(score(oneByOne))).toMatchObject({ ran: true, score: { together: alone } });
  }
  expect(await packWith(score({}))).toMatchObject({ ran: false, score: answered });
});
