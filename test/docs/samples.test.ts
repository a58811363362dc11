import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { encodeModel } from '../../lib/model/write.ts';
import { pack } from '../../lib/pack/pack.ts';
import { graph, ints, model, node, tensorType, value } from '../model/build-model.ts';

const text = readFileSync(fileURLToPath(new URL('../../docs/samples.md', import.meta.url)), 'utf8');
const dir = mkdtempSync(join(tmpdir(), 'coldpress-docs-'));

afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The model of the example: adds up two features. */
const summing = model(
  graph({
    node: [node('ReduceSum', ['x', 'axis'], ['sum'], { keepdims: 0 })],
    initializer: [ints('axis', [1])],
    input: [value('x', tensorType('FLOAT', ['N', 2]))],
    output: [value('sum', tensorType('FLOAT', ['N']))],
  }),
);

const cases: [file: string, block: RegExp, features: string[] | undefined][] = [
  ['samples.csv', /```csv\n(.*?)```/s, ['age', 'income']],
  ['samples.jsonl', /```json\n(.*?)```/s, undefined],
];

test.each(cases)('the example of docs/samples.md proves its model: %s', async (file, block, features) => {
  const content = block.exec(text)?.[1];
  writeFileSync(join(dir, 'model.onnx'), Buffer.concat(encodeModel(summing)));
  writeFileSync(join(dir, file), content!);
  const config = join(dir, `${file}.config.ts`);
  writeFileSync(config, `export default { model: './model.onnx', samples: './${file}' };`);
  const { manifest } = await pack({ cwd: dir, env: process.env, arch: 'x64', config });
  expect(manifest.features).toEqual(features);

  // And it is compared with: another sum is refused.
  writeFileSync(join(dir, file), content!.replace('32.5', '33'));
  await expect(pack({ cwd: dir, env: process.env, arch: 'x64', config })).rejects.toMatchObject({
    code: 'SAMPLES_DIFFER',
    message: expect.stringMatching(/row 1: output "sum"/),
  });
});
