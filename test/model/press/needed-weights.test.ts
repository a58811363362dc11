import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pressModel } from '../../../lib/model/press/press.ts';
import { encodeModel } from '../../../lib/model/write.ts';
import { openModel } from '../../../lib/runtime/open-model.ts';
import { floats, graph, model, node, tensorType, value } from '../build-model.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-needed-'));
const words = 20_000;
const width = 64;

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Looks a word up in a table of 5 MB, and multiplies by as many weights. */
function wordModel(): Uint8Array {
  const table = floats('table', [words, width], new Float32Array(words * width).fill(0.25));
  const dense = floats('dense', [width, words], new Float32Array(words * width).fill(0.5));
  const nodes = [node('Gather', ['table', 'word'], ['row']), node('MatMul', ['row', 'dense'], ['y'])];
  const input = [value('word', tensorType('INT64', ['N']))];
  const output = [value('y', tensorType('FLOAT', ['N', words]))];
  return Buffer.concat(
    encodeModel(model(graph({ node: nodes, initializer: [table, dense], input, output }))),
  );
}

test('weights that every inference multiplies by are listed, and the table of which it looks rows up', async () => {
  const path = join(scratch, 'words.onnx');
  const outDir = join(scratch, 'pressed');
  writeFileSync(path, wordModel());
  const { manifest } = await pressModel(path, { outDir, arch: 'x64', engine: 'onnxruntime' });
  const { path: file, ranges, lookups } = manifest.model.readAhead!;
  expect(ranges.map(([, length]) => length)).toEqual([4 * words * width]);
  expect(lookups).toEqual([{ input: 'word', offset: expect.any(Number), rows: words, rowBytes: 4 * width }]);
  const bytes = readFileSync(join(outDir, file));
  expect(bytes.readFloatLE(ranges[0]![0])).toBe(0.5);
  expect(bytes.readFloatLE(lookups![0]!.offset)).toBe(0.25);
  const opened = openModel(outDir);
  const { outputs } = opened.infer({ inputs: [{ name: 'word', datatype: 'INT64', shape: [1], data: [7] }] });
  opened.close();
  expect(outputs[0]!.data[0]).toBe(0.25 * 0.5 * width);
});

test('the rows of a table may be told by an input that is cast; one that is multiplied by, too, is read whole', async () => {
  const outDir = join(scratch, 'cast');
  const path = join(scratch, 'cast.onnx');
  const large = (name: string) => floats(name, [words, width], new Float32Array(words * width).fill(0.25));
  const nodes = [
    node('Cast', ['word'], ['index'], { to: 7 }),
    node('Gather', ['table', 'index'], ['row']),
    node('Gather', ['tied', 'index'], ['tiedRow']),
    node('Sum', ['row', 'tiedRow'], ['both']),
    node('Gemm', ['both', 'tied'], ['y'], { transB: 1 }),
  ];
  const graphOf = graph({
    node: nodes,
    initializer: [large('table'), large('tied')],
    input: [value('word', tensorType('INT32', ['N']))],
    output: [value('y', tensorType('FLOAT', ['N', words]))],
  });
  writeFileSync(path, Buffer.concat(encodeModel(model(graphOf))));
  const { manifest } = await pressModel(path, { outDir, arch: 'x64', engine: 'onnxruntime' });
  const { ranges, lookups } = manifest.model.readAhead!;
  expect(ranges).toHaveLength(1);
  expect(ranges[0]![1]).toBeGreaterThanOrEqual(4 * words * width);
  expect(lookups).toEqual([{ input: 'word', offset: expect.any(Number), rows: words, rowBytes: 4 * width }]);
  expect(lookups![0]!.offset).not.toBe(ranges[0]![0]);
});

test('of a small model there is nothing to read ahead', async () => {
  const outDir = join(scratch, 'small');
  const example = join(import.meta.dirname, '../../../examples/breast-cancer/model.onnx');
  await pressModel(example, { outDir, arch: 'x64', engine: 'onnxruntime' });
  expect(readFileSync(join(outDir, 'coldpress.json'), 'utf8')).not.toContain('readAhead');
});
