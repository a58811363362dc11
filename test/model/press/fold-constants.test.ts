import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Program } from '../../../lib/contract/program.ts';
import type { ModelProto, NodeProto, TensorProto } from '../../../lib/model/onnx_pb.ts';
import { pressModel } from '../../../lib/model/press/press.ts';
import { writeModel } from '../../../lib/model/write.ts';
import { floats, graph, ints, model, node, tensorType, value } from '../build-model.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-fold-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let count = 0;

async function pressed(proto: ModelProto) {
  const [path, outDir] = ['model.onnx', 'out'].map(name => join(scratch, `${count++}-${name}`));
  await writeModel({ proto }, path!);
  await pressModel(path!, { outDir: outDir!, arch: 'x64', engine: 'compiled' });
  const program: Program = JSON.parse(readFileSync(join(outDir!, 'program.json'), 'utf8'));
  return { kernels: program.graph.steps.map(({ kernel }) => kernel), sizeBytes: program.weights.sizeBytes };
}

function modelOf(nodes: NodeProto[], constants: TensorProto[], dims: (number | string)[]): ModelProto {
  return model(
    graph({
      node: nodes,
      initializer: constants,
      input: [value('x', tensorType('FLOAT', dims))],
      output: [value('y', undefined)],
    }),
    { '': 17 },
  );
}

const ones = (name: string, dims: number[]) =>
  floats(name, dims, new Float32Array(dims.reduce((product, size) => product * size, 1)).fill(0.25));

test('what depends on no input is computed when the model is packed', async () => {
  const { kernels } = await pressed(
    modelOf(
      [
        node('Shape', ['c'], ['s']),
        node('ConstantOfShape', ['s'], ['z']),
        node('Add', ['c', 'z'], ['d']),
        node('Split', ['d'], ['e', 'f'], { axis: 0 }),
        node('Sqrt', ['e'], ['g']),
        node('Mul', ['x', 'g'], ['y']),
      ],
      [ones('c', [8])],
      ['N', 4],
    ),
  );
  expect(kernels).toEqual(['mul']);
});

test('weights that are put together are weights', async () => {
  const gates = (name: string, from: string) => [
    node('Concat', [from, from, from, from], [`${name}4`], { axis: 0 }),
    node('Unsqueeze', [`${name}4`, 'first'], [name]),
  ];
  const { kernels } = await pressed(
    modelOf(
      [
        ...gates('w', 'own'),
        ...gates('r', 'back'),
        node('LSTM', ['x', 'w', 'r'], ['', 'y'], { hidden_size: 3 }),
      ],
      [ones('own', [3, 5]), ones('back', [3, 3]), ints('first', [0])],
      [4, 'N', 5],
    ),
  );
  expect(kernels).toEqual(['lstm']);
});

test('what would be much larger than what it is made of is computed by the function', async () => {
  const { kernels, sizeBytes } = await pressed(
    modelOf(
      [
        node('Expand', ['c', 's'], ['large']),
        node('Add', ['x', 'large'], ['a']),
        node('ReduceMax', ['a'], ['y']),
      ],
      [ones('c', [1]), ints('s', [2 ** 19])],
      [1],
    ),
  );
  expect(kernels).toEqual(['expand', 'add', 'reduceMax']);
  expect(sizeBytes).toBeLessThan(2 ** 10);
});
