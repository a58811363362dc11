import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folder, run } from '../cli/coldpress.ts';

const cwd = folder('advise');
const model = new URL('../../examples/breast-cancer/model.onnx', import.meta.url).pathname;

test('a model’s size is read, and the rest is assumed', async () => {
  const { code, stdout } = await run(['advise', model, '--requests', '2e5', '--json']);
  const { situation, assumed, recommended } = JSON.parse(stdout);
  expect(situation).toMatchObject({ modelBytes: 52_568, requestsPerMonth: 200_000 });
  expect(assumed).not.toContain('modelBytes');
  expect([recommended.id, code]).toEqual(['lambda', 0]);
});

test('a page is written beside the text', async () => {
  const { stdout } = await run(['advise', '--gpu', '--html', 'advice.html'], { cwd });
  expect(stdout).toMatch(/^Recommended: SageMaker/);
  expect(readFileSync(join(cwd, 'advice.html'), 'utf8')).toContain('SageMaker');
});

test('latency is taken from a benchmark', async () => {
  const summaries = [{ totalMs: { value: 123 }, warmMs: { p50: 4.5 } }];
  writeFileSync(join(cwd, 'bench.json'), JSON.stringify({ schemaVersion: 1, variants: [], summaries }));
  const { stdout } = await run(['advise', '--bench', 'bench.json', '--json'], { cwd });
  expect(JSON.parse(stdout).situation).toMatchObject({ coldMs: 123, warmMs: 4.5 });
});

const refusals: [args: string, says: RegExp][] = [
  ['--requests many', /^OPTION_INVALID: --requests is many/],
  ['--latency -5', /^OPTION_INVALID: --latency is -5/],
  ['--cloud oracle', /^USAGE: .*oracle/],
  ['a.onnx --model-size 5', /^OPTION_CONFLICT: /],
  ['a.onnx', /^MODEL_NOT_FOUND: /],
  ['--bench a.json', /^BENCH_BASE_INVALID: /],
  ['--html no/such/folder.html', /^REPORT_UNWRITABLE: /],
];

test.each(refusals)('advise %s is refused', async (args, says) => {
  const { code, stderr, stdout } = await run(['advise', ...args.split(' ')], { cwd });
  expect(stderr).toMatch(says);
  expect([code, stdout]).toEqual([2, '']);
});
