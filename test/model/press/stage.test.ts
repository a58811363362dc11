import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { resolveExternalData } from '../../../lib/model/external-data.ts';
import {
  AttributeProto_AttributeType,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from '../../../lib/model/onnx_pb.ts';
import { rewriteModel } from '../../../lib/model/passes/index.ts';
import { startEngine } from '../../../lib/model/press/engine-process.ts';
import { limitsFor } from '../../../lib/model/press/limits.ts';
import { copyModel, stageModel } from '../../../lib/model/press/stage.ts';
import { readOutline } from '../../../lib/model/read.ts';
import { writeModel } from '../../../lib/model/write.ts';
import { graph, model, node, tensorType, value } from '../build-model.ts';

/** Names that coldpress, or the function, has for files of its own. */
const locations = [
  'golden.json',
  'coldpress.json',
  'sub/report.json',
  'model.data.1',
  'model.data',
  'index.mjs',
];

test('weights named like files of coldpress are kept apart from them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'coldpress-stage-'));
  const [work, out] = ['work', 'out'].map(name => join(folder, name)) as [string, string];
  for (const dir of [work, out, join(folder, 'sub')]) {
    mkdirSync(dir);
  }
  const weight = (location: string, index: number) => {
    writeFileSync(join(folder, location), Buffer.from(Float32Array.of(index).buffer));
    return create(TensorProtoSchema, {
      name: location,
      dims: [1n],
      dataType: 1,
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: [{ key: 'location', value: location }],
    });
  };
  const weights = locations.map(weight);
  const constant = weights.pop()!;
  const type = AttributeProto_AttributeType.TENSOR;
  const proto = model(
    graph({
      node: [
        node('Constant', [], ['index.mjs'], { value: { type, t: constant } }),
        node('Concat', locations, ['c'], { axis: 0 }),
        node('Cast', ['c'], ['y'], { to: 16 }),
      ],
      initializer: weights,
      output: [value('y', tensorType('BFLOAT16', [null]))],
    }),
  );
  const path = join(folder, 'given.onnx');
  await writeModel({ proto }, path);

  const outline = await readOutline(path);
  const staged = await stageModel(rewriteModel(outline), await resolveExternalData(outline), work);
  await copyModel(staged, out);
  const expected = ['model.data', ...[1, 2, 3, 4, 5].map(index => `model.data.${index}`), 'model.onnx'];
  expect([work, out].map(dir => readdirSync(dir).sort())).toEqual([expected, expected]);

  const engine = startEngine(limitsFor(0));
  await engine.request({ op: 'open', path: join(out, 'model.onnx'), options: {} });
  const result = await engine.request({ op: 'run', inputs: [], outputs: ['y'] });
  engine.close();
  expect(result).toMatchObject({ tensors: [{ data: Float32Array.of(0, 1, 2, 3, 4, 5) }] });
});
