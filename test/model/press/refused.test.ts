import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspectModel } from '../../../lib/model/inspect.ts';
import { learnSignature } from '../../../lib/model/learn-signature.ts';
import { AttributeProto_AttributeType as AttributeType } from '../../../lib/model/onnx_pb.ts';
import { pressModel } from '../../../lib/model/press/press.ts';
import type { PressOptions } from '../../../lib/model/press/press-options.ts';
import { writeModel } from '../../../lib/model/write.ts';
import { openModel } from '../../../lib/runtime/open-model.ts';
import { graph, model, node, tensorType, value } from '../build-model.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-refused-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (name: string) => join(scratch, name);

/** ONNX Runtime has no Imputer of doubles: missing numbers become 10 and 20. */
const path = at('imputer.onnx');
const samples = 'a,b,y[0],y[1]\n1,2,1,2\n,4.5,10,4.5\n5,,5,20\n';

beforeAll(async () => {
  const type = () => tensorType('DOUBLE', ['N', 2]);
  const imputer = node('ai.onnx.ml.Imputer', ['x'], ['y'], {
    imputed_value_floats: { type: AttributeType.FLOATS, floats: [10, 20] },
    replaced_value_float: { type: AttributeType.FLOAT, f: Number.NaN },
  });
  const main = graph({ node: [imputer], input: [value('x', type())], output: [value('y', type())] });
  await writeModel({ proto: model(main, { '': 17, 'ai.onnx.ml': 1 }) }, path);
  writeFileSync(at('good.csv'), samples);
  writeFileSync(at('wrong.csv'), samples.replace('20', '21'));
  writeFileSync(at('inputs.csv'), 'a,b\n1,2\n');
});

let count = 0;
function press(file?: string, options: Partial<PressOptions> = {}) {
  const outDir = at(`out-${count++}`);
  return pressModel(path, { outDir, arch: 'x64', ...(file && { samples: { path: at(file) } }), ...options });
}

describe('a model that ONNX Runtime refuses', () => {
  test.each(['auto', 'compiled'] as const)('%s: samples prove it', async engine => {
    const outDir = at(`proven-${engine}`);
    const { manifest, refused } = await press('good.csv', { outDir, engine });
    expect(manifest).toMatchObject({
      engine: { name: 'compiled' },
      proof: { by: 'samples', rows: 3 },
      rows: { independent: true },
      golden: { kept: true },
      features: ['a', 'b'],
    });
    expect(refused).toMatch(/Imputer/);
    const { outputs } = openModel(outDir).infer({
      inputs: [{ name: 'x', datatype: 'FP64', shape: [1, 2], data: ['NaN', 7] }],
    });
    expect([...outputs[0]!.data]).toEqual([10, 7]);
  });

  test('without samples, the refusal names them and the command', async () => {
    await expect(press()).rejects.toMatchObject({
      code: 'OPERATOR_UNSUPPORTED',
      hint: expect.stringMatching(/coldpress pack .*--samples/),
    });
  });

  test.each([
    ['samples that the answers differ from', 'wrong.csv', 'SAMPLES_DIFFER'],
    ['samples that expect nothing', 'inputs.csv', 'SAMPLES_UNPROVEN'],
  ])('%s', async (_, file, code) => {
    await expect(press(file)).rejects.toMatchObject({ code });
  });

  test('with ONNX Runtime chosen it stays refused', async () => {
    const refused = press('good.csv', { engine: 'onnxruntime' });
    await expect(refused).rejects.toMatchObject({ code: 'OPERATOR_UNSUPPORTED' });
  });

  test('inspect says what samples would do', async () => {
    expect(await inspectModel(path)).toMatchObject({
      obstacles: [],
      opened: false,
      needsSamples: { code: 'OPERATOR_UNSUPPORTED' },
      targets: expect.arrayContaining([expect.objectContaining({ packable: true })]),
    });
  });

  test('its signature is learnt with the samples', async () => {
    const { inputs } = await learnSignature(path, { path: at('good.csv') });
    expect(inputs).toMatchObject([{ datatype: 'FP64', rowAxis: 0 }]);
  });
});
