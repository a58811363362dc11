import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeModel } from '../../lib/model/write.ts';
import { folder, run } from '../cli/coldpress.ts';
import { graph, model, node, tensorType, value } from '../model/build-model.ts';

const cwd = folder('advise');
const example = new URL('../../examples/breast-cancer/model.onnx', import.meta.url).pathname;

test('a model’s size is read, and the rest is assumed', async () => {
  const { code, stdout } = await run(['advise', example, '--requests', '2e5', '--json']);
  const { situation, assumed, recommended } = JSON.parse(stdout);
  expect(situation).toMatchObject({ modelBytes: 52_568, requestsPerMonth: 200_000 });
  expect(assumed).not.toContain('modelBytes');
  expect([recommended.id, code]).toEqual(['lambda', 0]);
  expect(recommended.command).toBe(`npx coldpress pack ${example} --out build`);
});

test('the engine, and the times that follow from it, are those that pack chooses and prints', async () => {
  const advised = JSON.parse((await run(['advise', example, '--json'], { cwd })).stdout);
  expect(advised.origins).toEqual({ engine: { from: 'pack' }, coldMs: 'estimate', warmMs: 'estimate' });
  const { engine, coldMs, warmMs, storedBytes } = advised.situation;
  expect([engine, advised.assumed.includes('engine')]).toEqual(['compiled', false]);
  expect(storedBytes).toBeLessThan(advised.situation.modelBytes);
  const packed = await run(['pack', example, '--out', 'packed'], { cwd });
  expect(packed.stdout).toContain(`about ${coldMs} ms to the first answer on one vCPU, then ${warmMs} ms`);

  const ofArtifact = JSON.parse((await run(['advise', 'packed', '--json'], { cwd })).stdout);
  expect(ofArtifact.origins.engine).toEqual({ from: 'artifact' });
  const { files } = JSON.parse(readFileSync(join(cwd, 'packed/function/coldpress.json'), 'utf8'));
  const stored = files.filter(({ path }: { path: string }) => path.startsWith('model/'));
  const bytes = stored.reduce((sum: number, file: { sizeBytes: number }) => sum + file.sizeBytes, 0);
  expect(ofArtifact.situation).toEqual({ ...advised.situation, storedBytes: bytes });
});

test('in a project, the model is that of the config', async () => {
  const project = folder('advise-project');
  writeFileSync(join(project, 'coldpress.config.mjs'), 'export default { model: "./churn.onnx" };');
  copyFileSync(example, join(project, 'churn.onnx'));
  const advise = async (...args: string[]) =>
    JSON.parse((await run(['advise', '--json', ...args], { cwd: project })).stdout);
  const { situation, recommended } = await advise();
  expect([situation.modelBytes, recommended.command]).toEqual([
    52_568,
    'npx coldpress pack churn.onnx --out build',
  ]);
  expect((await advise('--model-size', '400')).situation.modelBytes).toBe(400e6);
});

test('a model that is not compiled is advised for ONNX Runtime, with the reason', async () => {
  const noise = model(
    graph({
      node: [node('RandomNormalLike', ['x'], ['noise'], {}), node('Add', ['x', 'noise'], ['y'])],
      input: [value('x', tensorType('FLOAT', ['N', 2]))],
      output: [value('y', tensorType('FLOAT', ['N', 2]))],
    }),
  );
  writeFileSync(join(cwd, 'noise.onnx'), Buffer.concat(encodeModel(noise)));
  const { situation, origins } = JSON.parse((await run(['advise', 'noise.onnx', '--json'], { cwd })).stdout);
  expect(situation).toMatchObject({ engine: 'onnxruntime', coldMs: 300 });
  expect(origins.engine).toEqual({ from: 'pack', reason: expect.stringContaining('RandomNormalLike') });
});

test('a page is written beside the text', async () => {
  const { stdout } = await run(['advise', '--gpu', '--html', 'advice.html'], { cwd });
  expect(stdout).toMatch(/^Recommended: SageMaker/);
  expect(readFileSync(join(cwd, 'advice.html'), 'utf8')).toContain('SageMaker');
});

test('latency is taken from a benchmark', async () => {
  const summaries = [{ totalMs: { value: 123 }, warmMs: { p50: 4.5 } }];
  writeFileSync(
    join(cwd, 'bench.json'),
    JSON.stringify({ schemaVersion: 1, variants: [{ engine: 'compiled' }], summaries }),
  );
  const { stdout } = await run(['advise', '--bench', 'bench.json', '--json'], { cwd });
  const { situation, origins } = JSON.parse(stdout);
  expect(situation).toMatchObject({ engine: 'compiled', coldMs: 123, warmMs: 4.5 });
  expect(origins).toEqual({ engine: { from: 'bench' }, coldMs: 'bench', warmMs: 'bench' });
});

test('a damaged model is no reason for a container', async () => {
  const y = [value('y', tensorType('FLOAT', [1]))];
  const bytes = Buffer.concat(encodeModel(model(graph({ node: [], output: y }))));
  writeFileSync(join(cwd, 'damaged.onnx'), bytes);
  const { code, stderr } = await run(['advise', 'damaged.onnx'], { cwd });
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^MODEL_INVALID: nothing makes the output "y"/)]);
});

const refusals: [args: string, says: RegExp][] = [
  ['--requests many', /^OPTION_INVALID: --requests is many/],
  ['--requests 0', /^OPTION_INVALID: --requests is 0\n.*above 0/],
  ['--requests 1e13', /^OPTION_INVALID: --requests is 1e13\n.*up to 1,000,000,000,000/],
  ['--payload 2GB', /^OPTION_INVALID: --payload is 2GB\n.*without a unit/],
  ['--cold-ms 1 --warm-ms 2', /^OPTION_CONFLICT: --cold-ms is 1/],
  ['--latency -5', /^OPTION_INVALID: --latency is -5/],
  ['--cloud oracle', /^OPTION_INVALID: .*oracle/],
  ['a.onnx --model-size 5', /^OPTION_CONFLICT: /],
  ['a.onnx', /^MODEL_NOT_FOUND: /],
  ['.', /^ARTIFACT_NOT_FOUND: /],
  ['--bench a.json', /^BENCH_BASE_INVALID: /],
  ['--html no/such/folder.html', /^REPORT_UNWRITABLE: /],
];

test.each(refusals)('advise %s is refused', async (args, says) => {
  const { code, stderr, stdout } = await run(['advise', ...args.split(' ')], { cwd });
  expect(stderr).toMatch(says);
  expect([code, stdout]).toEqual([2, '']);
});
