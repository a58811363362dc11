import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, test } from 'vitest';
import { getAttribute } from '../../../lib/model/attributes.ts';
import { type OnnxModel, readModel } from '../../../lib/model/read.ts';
import { encodeModel } from '../../../lib/model/write.ts';
import { pack } from '../../../lib/pack/pack.ts';
import { graph, model, node, tensorType, value } from '../build-model.ts';
import { npz } from './npy.ts';

const example = fileURLToPath(new URL('../../../examples/breast-cancer', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'coldpress-samples-packed-'));

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const csv = readFileSync(join(example, 'samples.csv'), 'utf8');
const rows: Record<string, string>[] = parse(csv, { columns: true });
const names = Object.keys(rows[0]!);
const features = names.filter(name => !name.startsWith('output_'));
const numbers = (columns: string[]) => rows.flatMap(row => columns.map(name => Number(row[name])));

/** Packs the example's model with these samples. */
async function packWith(file: string, content: string | Uint8Array, tolerance?: object) {
  const dir = mkdtempSync(join(scratch, 'project-'));
  cpSync(join(example, 'model.onnx'), join(dir, 'model.onnx'));
  writeFileSync(join(dir, file), content);
  const samples = JSON.stringify({ path: file, tolerance });
  writeFileSync(
    join(dir, 'coldpress.config.ts'),
    `export default { model: 'model.onnx', samples: ${samples} };`,
  );
  try {
    return await pack({ cwd: dir, env: process.env, arch: 'x64' });
  } finally {
    expect(readdirSync(dir).filter(name => name.startsWith('.build'))).toEqual([]);
  }
}

/** The samples as CSV, one value of them changed. */
function changed(row: number, column: string, value: string): string {
  const lines = rows.map((values, index) => ({ ...values, ...(index === row - 1 && { [column]: value }) }));
  return [names, ...lines.map(line => names.map(name => line[name]))]
    .map(cells => cells.join(','))
    .join('\n');
}

describe('samples in every format prove the pressed model, and name its features', () => {
  const lines = rows.map(row =>
    JSON.stringify(Object.fromEntries(names.map(name => [name, Number(row[name])]))),
  );
  const arrays = npz({
    float_input: { dtype: '<f8', shape: [rows.length, 30], data: Float64Array.from(numbers(features)) },
    output_label: {
      dtype: '<i8',
      shape: [rows.length],
      data: BigInt64Array.from(numbers(['output_label']), BigInt),
    },
  });

  test.each([
    ['samples.csv', csv, features],
    ['samples.jsonl', lines.join('\n'), features],
    ['samples.npz', arrays, undefined],
  ])('%s', async (file, content, named) => {
    const { manifest } = await packWith(file, content);
    expect(manifest.features).toEqual(named);
  });
});

test('a test of the packed function gets the tolerance of each output, at the scale of its values', async () => {
  const type = () => tensorType('FLOAT', ['N', 1]);
  const proto = model(
    graph({
      node: [node('Abs', ['x'], ['large']), node('Sigmoid', ['x'], ['small'])],
      input: [value('x', type())],
      output: [value('large', type()), value('small', type())],
    }),
  );
  const dir = mkdtempSync(join(scratch, 'scales-'));
  writeFileSync(join(dir, 'model.onnx'), Buffer.concat(encodeModel(proto)));
  writeFileSync(join(dir, 'samples.csv'), 'x,large,small\n-1000000,1000000,0\n0,0,0.5\n');
  await pack({ cwd: dir, env: process.env, arch: 'x64', model: 'model.onnx', samples: 'samples.csv' });
  const { tolerances } = JSON.parse(readFileSync(join(dir, 'build/samples.json'), 'utf8'));
  expect(tolerances).toEqual({
    large: { relative: 1e-3, absolute: expect.closeTo(10) },
    small: { relative: 1e-3, absolute: 1e-5 },
  });
});

describe('samples that differ from the model name the worst row and output', () => {
  const cases: [what: string, content: string, says: RegExp][] = [
    [
      'a probability',
      changed(7, 'output_probability[1]', '0.5'),
      /row 7: output "output_probability": expected 0\.5, got /,
    ],
    ['a label', changed(100, 'output_label', '2'), /row 100: output "output_label": expected 2, got [01]$/],
    ['a feature', changed(1, 'worst area', '1'), /row 1: output "output_/],
  ];

  test.each(cases)('%s', async (_, content, says) => {
    await expect(packWith('samples.csv', content)).rejects.toMatchObject({
      code: 'SAMPLES_DIFFER',
      message: expect.stringMatching(says),
    });
  });

  const slightly = changed(
    7,
    'output_probability[1]',
    String(Number(rows[6]!['output_probability[1]']) + 0.01),
  );

  test('they are counted, labels are compared, and the tolerance to paste is enough', async () => {
    const error = await packWith('samples.csv', slightly).catch(error => error);
    expect(error).toMatchObject({
      code: 'SAMPLES_DIFFER',
      message: expect.stringMatching(/: 1 of 100 rows differs; row 7: .*, off by 0\.01$/),
      hint: expect.stringMatching(/^The labels of all 100 rows agree\. /),
    });
    const [, path, absolute] = /samples: \{ path: '(.*)', tolerance: \{ absolute: (.*) \} \}$/.exec(
      error.hint,
    )!;
    expect(path).toBe('./samples.csv');
    const { samples } = await packWith('samples.csv', slightly, { absolute: Number(absolute) });
    expect(samples).toMatchObject({
      path: 'samples.csv',
      agreement: { rows: 100, differing: 0, mislabelled: 0, worstDistance: expect.closeTo(0.01, 4) },
    });
  });

  test.each([
    ['relative', { relative: 1 }],
    ['absolute', { absolute: 0.02 }],
    ['both', { relative: 0, absolute: 0.02 }],
  ])('within a tolerance of one’s own, %s, they do not', async (_, tolerance) => {
    await packWith('samples.csv', slightly, tolerance);
  });

  test('a value that equals a threshold in float32 is named as the cause', async () => {
    const { column, threshold } = await firstThreshold();
    const expected = { 'output_probability[0]': '0.5', 'output_probability[1]': '0.5' };
    const [first] = rows;
    const line = names.map(name => ({ ...first, ...expected, [features[column]!]: String(threshold) })[name]);
    await expect(
      packWith('samples.csv', [names, line].map(cells => cells.join(',')).join('\n')),
    ).rejects.toMatchObject({
      hint: expect.stringContaining(`in column "${features[column]}", which in float32 equals a threshold`),
    });
  });
});

/** Of the first branch of the example's first tree. */
async function firstThreshold(): Promise<{ column: number; threshold: number }> {
  const model = await readModel(join(example, 'model.onnx'));
  const trees = (model as OnnxModel).proto.graph!.node.find(({ opType }) =>
    opType.startsWith('TreeEnsemble'),
  )!;
  return {
    column: Number(getAttribute(trees, 'nodes_featureids')!.ints[0]),
    threshold: getAttribute(trees, 'nodes_values')!.floats[0]!,
  };
}
