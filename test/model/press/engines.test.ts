import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ModelProto } from '../../../lib/model/onnx_pb.ts';
import type { EngineChoice } from '../../../lib/model/press/engine-choice.ts';
import { pressModel } from '../../../lib/model/press/press.ts';
import { writeModel } from '../../../lib/model/write.ts';
import { openModel } from '../../../lib/runtime/open-model.ts';
import { graph, model, node, tensorType, value } from '../build-model.ts';
import { weights } from '../compile/answers.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-engines-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let count = 0;

async function press(proto: ModelProto, engine: EngineChoice) {
  const [path, outDir] = ['model.onnx', 'out'].map(name => join(scratch, `${count++}-${name}`));
  await writeModel({ proto }, path!);
  return { report: await pressModel(path!, { outDir: outDir!, arch: 'x64', engine }), outDir: outDir! };
}

function ofOneNode(operator: string, attributes = {}): ModelProto {
  const type = () => tensorType('FLOAT', ['N', 4]);
  return model(
    graph({
      node: [node(operator, ['x'], ['y'], attributes)],
      input: [value('x', type())],
      output: [value('y', type())],
    }),
    { '': 17, 'ai.onnx.ml': 3, 'com.microsoft': 1 },
  );
}

test.each(['auto', 'compiled'] as const)('%s compiles what is covered, and proves it', async engine => {
  const { report, outDir } = await press(ofOneNode('ai.onnx.ml.Normalizer', { norm: 'L2' }), engine);
  expect(report.manifest.engine).toEqual({ name: 'compiled' });
  expect(readdirSync(outDir)).not.toContain('model.onnx');
  const opened = openModel(outDir);
  const { outputs } = opened.infer({
    inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 4], data: [3, 0, -4, 0] }],
  });
  expect(Array.from(outputs[0]!.data as Float32Array)).toEqual(
    [0.6, 0, -0.8, 0].map(Math.fround).map(number => expect.closeTo(number, 6)),
  );
});

test('the default is ONNX Runtime', async () => {
  const { report } = await press(ofOneNode('Abs'), 'onnxruntime');
  expect(report.manifest.engine.name).toBe('onnxruntime');
  expect(report.notCompiled).toBeUndefined();
  expect(report.reference).toBe('onnxruntime');
});

test('an operator in the way: auto packs with ONNX Runtime and says why, compiled is refused', async () => {
  const proto = ofOneNode('com.microsoft.QuickGelu');
  const { report, outDir } = await press(proto, 'auto');
  expect(report.manifest.engine.name).toBe('onnxruntime');
  expect(report.notCompiled).toMatch(/com\.microsoft\.QuickGelu/);
  expect(existsSync(join(outDir, 'program.json'))).toBe(false);
  await expect(press(proto, 'compiled')).rejects.toMatchObject({
    code: 'NOT_COMPILABLE',
    message: expect.stringMatching(/com\.microsoft\.QuickGelu/),
  });
});

test('a row of more work than pays off is left to ONNX Runtime by auto', async () => {
  const size = 60;
  const proto = model(
    graph({
      node: [node('Conv', ['x', 'w'], ['y'])],
      initializer: [weights('w', [32, 32, 3, 3])],
      input: [value('x', tensorType('FLOAT', [1, 32, size, size]))],
      output: [value('y', undefined)],
    }),
    { '': 17 },
  );
  const { report } = await press(proto, 'auto');
  expect(report.manifest.engine.name).toBe('onnxruntime');
  expect(report.notCompiled).toMatch(/^conv: ONNX Runtime answers 31 M multiply-adds/);
});
