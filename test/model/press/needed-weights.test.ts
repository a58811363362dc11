import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
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

test('weights that every inference multiplies by are listed, a table that it looks up is not', async () => {
  const path = join(scratch, 'words.onnx');
  const outDir = join(scratch, 'pressed');
  writeFileSync(path, wordModel());
  const { manifest } = await pressModel(path, { outDir, arch: 'x64' });
  const { path: file, ranges } = manifest.model.readAhead!;
  expect(ranges.map(([, length]) => length)).toEqual([4 * words * width]);
  const bytes = Buffer.alloc(4);
  const fd = openSync(join(outDir, file), 'r');
  readSync(fd, bytes, 0, 4, ranges[0]![0]);
  closeSync(fd);
  expect(bytes.readFloatLE()).toBe(0.5);
  const opened = openModel(outDir);
  const { outputs } = opened.infer({ inputs: [{ name: 'word', datatype: 'INT64', shape: [1], data: [7] }] });
  opened.close();
  expect(outputs[0]!.data[0]).toBe(0.25 * 0.5 * width);
});

test('of a small model there is nothing to read ahead', async () => {
  const outDir = join(scratch, 'small');
  const example = join(import.meta.dirname, '../../../examples/breast-cancer/model.onnx');
  await pressModel(example, { outDir, arch: 'x64' });
  expect(readFileSync(join(outDir, 'coldpress.json'), 'utf8')).not.toContain('readAhead');
});
