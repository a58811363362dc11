import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type ModelProto, TensorProto_DataType } from '../../lib/model/onnx_pb.ts';
import { rewriteModel } from '../../lib/model/passes/index.ts';
import { decodeModel } from '../../lib/model/read.ts';
import type { ElementType } from '../../lib/model/types.ts';
import { encodeModel, writeModel } from '../../lib/model/write.ts';
import { graph, model, node, tensorType, value } from './build-model.ts';
import { branching } from './specimens.ts';

const folder = mkdtempSync(join(tmpdir(), 'coldpress-engine-'));
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Opens each model in a process of its own engine and prints what it answers, as one JSON object. */
const script = `
const { InferenceSession, Tensor } = require('onnxruntime-node');
(async () => {
  const answers = {};
  for (const { path, feeds, env } of JSON.parse(require('node:fs').readFileSync(process.argv[1]))) {
    Object.assign(process.env, env);
    const session = await InferenceSession.create(path, { logSeverityLevel: 4 });
    const inputs = Object.entries(feeds).map(([name, [type, data, dims]]) => [name, new Tensor(type, data, dims)]);
    if (session.inputNames.includes('coldpress/elements')) {
      inputs.push(['coldpress/elements', new Tensor('float32', [1e6], [])]);
    }
    const outputs = await session.run(Object.fromEntries(inputs));
    answers[path] = Object.fromEntries(Object.entries(outputs).map(([name, { type, data, dims }]) => [name, [type, Array.from(data, String), dims]]));
  }
  process.stdout.write(JSON.stringify(answers));
})();`;

type Tensor = [type: string, data: (number | string)[], dims: number[]];

async function answer(
  runs: { proto: ModelProto; feeds: Record<string, Tensor> }[],
): Promise<Record<string, Tensor>[]> {
  const jobs = await Promise.all(
    runs.map(async ({ proto, feeds }, index) => {
      const { model: rewritten, env } = rewriteModel(
        decodeModel(Buffer.concat(encodeModel(proto)), 'model.onnx'),
      );
      const path = join(folder, `${index}.onnx`);
      await writeModel(rewritten, path);
      return { path, feeds, env };
    }),
  );
  writeFileSync(join(folder, 'jobs.json'), JSON.stringify(jobs));
  const text = execFileSync(process.execPath, ['-e', script, join(folder, 'jobs.json')], {
    cwd: root,
    encoding: 'utf8',
  });
  const answers = JSON.parse(text);
  return jobs.map(({ path }) => answers[path]);
}

/** x and y of a type, through the one operator that every type has. */
function through(element: ElementType, opset: number): ModelProto {
  const type = () => tensorType(element, ['N']);
  const casts = [
    node('Cast', ['x'], ['wide'], { to: TensorProto_DataType.FLOAT }),
    node('Cast', ['wide'], ['y'], { to: TensorProto_DataType[element] }),
  ];
  return model(graph({ node: casts, input: [value('x', type())], output: [value('y', type())] }), {
    '': opset,
  });
}

const narrow: [element: ElementType, opset: number, type: string, values: number[]][] = [
  ['BFLOAT16', 21, 'float32', [1.5, -2, 0.0078125]],
  ['FLOAT8E4M3FN', 21, 'float32', [1.5, -448, 0.001953125]],
  ['FLOAT8E4M3FNUZ', 21, 'float32', [1.5, -240, 0.5]],
  ['FLOAT8E5M2', 21, 'float32', [1.5, -57344, 0.5]],
  ['FLOAT8E5M2FNUZ', 21, 'float32', [1.5, -57344, 0.5]],
  ['INT4', 21, 'int8', [-8, 7, 0]],
  ['UINT4', 21, 'uint8', [0, 15, 8]],
  ['INT2', 25, 'int8', [-2, 1, 0]],
  ['UINT2', 25, 'uint8', [0, 3, 2]],
];

test('values of narrow types pass through unchanged', async () => {
  const runs = narrow.map(([element, opset, type, values]) => ({
    proto: through(element, opset),
    feeds: { x: [type, values, [values.length]] as Tensor },
  }));
  const answers = await answer(runs);
  expect(answers).toEqual(
    narrow.map(([, , type, values]) => ({ y: [type, values.map(String), [values.length]] })),
  );
});

test('branches, text and preview opsets run', async () => {
  const edge = (name: string) => [value(name, tensorType('STRING', ['N']))];
  const normalizer = node('StringNormalizer', ['x'], ['y'], { case_change_action: 'LOWER' });
  const scalar = (name: string) => value(name, tensorType('FLOAT', []));
  const range = graph({
    node: [node('Range', ['from', 'to', 'by'], ['y'])],
    input: ['from', 'to', 'by'].map(scalar),
    output: [value('y', tensorType('FLOAT', ['N']))],
  });
  const answers = await answer([
    { proto: branching('BFLOAT16'), feeds: { c: ['bool', [1], []], x: ['float32', [1, 2], [2]] } },
    {
      proto: model(graph({ node: [normalizer], input: edge('x'), output: edge('y') })),
      feeds: { x: ['string', ['GRÜN'], [1]] },
    },
    {
      proto: model(range, { '': 28 }),
      feeds: { from: ['float32', [0], []], to: ['float32', [3], []], by: ['float32', [1], []] },
    },
  ]);
  expect(answers).toEqual([
    { y: ['float32', ['1', '2'], [2]] },
    { y: ['string', ['grün'], [1]] },
    { y: ['float32', ['0', '1', '2'], [3]] },
  ]);
});
