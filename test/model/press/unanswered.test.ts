import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { pressModel } from '../../../lib/model/press/press.ts';
import { writeModel } from '../../../lib/model/write.ts';
import { folder, run } from '../../cli/coldpress.ts';
import { graph, ints, model, node, tensorType, value } from '../build-model.ts';

/** A model that only takes 231 numbers, which its signature does not say. */

const cwd = folder('unanswered');
const path = join(cwd, 'model.onnx');
const numbers = Array.from({ length: 231 }, (_, index) => index);

beforeAll(async () => {
  const main = graph({
    node: [node('Reshape', ['x', 'shape'], ['y'])],
    initializer: [ints('shape', [3, 7, 11])],
    input: [value('x', tensorType('FLOAT', ['a', 'b']))],
    output: [value('y', tensorType('FLOAT', [3, 7, 11]))],
  });
  await writeModel({ proto: model(main) }, path);
  writeFileSync(join(cwd, 'samples.jsonl'), `${JSON.stringify({ x: numbers })}\n`);
  writeFileSync(join(cwd, 'short.jsonl'), '{"x":[1,2]}\n');
});

const tried = expect.stringMatching(/all 12 kinds of generated inputs; the first, x \[2, 2\]: .*Reshape/);

test('is packed with a warning, and --json says that nothing is proven', async () => {
  const { code, stdout, stderr } = await run(['pack', 'model.onnx', '--json'], { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    unanswered: tried,
    manifest: { golden: { kept: false, reason: tried } },
  });
  expect(stderr).toMatch(/^warning: nothing is proven: .*\n.*--samples.*\{"x": …\}/);
}, 30_000);

test('is proven by samples without expected answers', async () => {
  const samples = { path: join(cwd, 'samples.jsonl') };
  const report = await pressModel(path, { outDir: join(cwd, 'proven'), arch: 'x64', samples });
  expect(report).toMatchObject({ reference: 'onnxruntime', manifest: { golden: { kept: true } } });
  expect(report.unanswered).toBeUndefined();
});

test('names the row of samples that it rejects', async () => {
  const samples = { path: join(cwd, 'short.jsonl') };
  await expect(pressModel(path, { outDir: join(cwd, 'short'), arch: 'x64', samples })).rejects.toMatchObject({
    code: 'SAMPLES_INVALID',
    message: expect.stringContaining('row 1'),
    hint: expect.stringContaining('x [2]'),
  });
});
