import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelProto } from '../../lib/model/onnx_pb.ts';
import { encodeModel } from '../../lib/model/write.ts';
import { floats, graph, ints, model, node, tensorType, value } from '../../test/model/build-model.ts';
import { lightGbmText, stump } from '../../test/model/formats/light-gbm-text.ts';
import { rowModels } from '../../test/model/rows/row-models.ts';
import { classifier, dense, doubleClassifier } from '../../test/model/specimens.ts';
import { echoes } from '../../test/runtime/http/models.ts';
import { startDrawing } from '../engines/fuzz/draw.ts';
import { generators } from '../engines/fuzz/index.ts';
import { forest } from '../models/forest.ts';

export interface HostileModel {
  /** Name of the file, with the extension of its format. */
  file: string;
  bytes: Uint8Array;
  engine: 'auto' | 'onnxruntime' | 'compiled';
}

/** Models whose requests determine sizes, positions and loop counts, which gives a request the most influence. */
const sized: Record<string, ModelProto> = {
  echo: model(
    graph({
      node: echoes.map(([name]) => node('Identity', [name], [`${name}!`])),
      input: echoes.map(([name, , element, shape]) => value(name, tensorType(element, shape))),
      output: echoes.map(([name, , element, shape]) => value(`${name}!`, tensorType(element, shape))),
    }),
  ),
  outer: model(
    graph({
      node: [node('Add', ['a', 'b'], ['y'])],
      input: [value('a', tensorType('FLOAT', ['N', 1])), value('b', tensorType('FLOAT', [1, 'M']))],
      output: [value('y', tensorType('FLOAT', ['N', 'M']))],
    }),
  ),
  attention: model(
    graph({
      node: [
        node('Transpose', ['x'], ['t'], { perm: [0n, 2n, 1n] }),
        node('MatMul', ['x', 't'], ['s']),
        node('Softmax', ['s'], ['p']),
        node('MatMul', ['p', 'x'], ['y']),
      ],
      input: [value('x', tensorType('FLOAT', ['N', 'L', 8]))],
      output: [value('y', tensorType('FLOAT', ['N', 'L', 8]))],
    }),
  ),
  pad: model(
    graph({
      node: [node('Pad', ['x', 'pads'], ['y'], { mode: 'wrap' })],
      input: [value('x', tensorType('FLOAT', ['A', 'B'])), value('pads', tensorType('INT64', [4]))],
      output: [value('y', tensorType('FLOAT', ['C', 'D']))],
    }),
    { '': 19 },
  ),
  lookup: model(
    graph({
      node: [node('Gather', ['table', 'ids'], ['y'])],
      initializer: [
        floats(
          'table',
          [16, 4],
          Float32Array.from({ length: 64 }, (_, i) => i),
        ),
      ],
      input: [value('ids', tensorType('INT64', ['N', 'L']))],
      output: [value('y', tensorType('FLOAT', ['N', 'L', 4]))],
    }),
  ),
  stretch: model(
    graph({
      node: [node('Expand', ['x', 'shape'], ['y'])],
      input: [value('x', tensorType('FLOAT', ['N', 1])), value('shape', tensorType('INT64', [2]))],
      output: [value('y', tensorType('FLOAT', ['A', 'B']))],
    }),
  ),
  turns: model(
    graph({
      node: [
        node('Loop', ['count', '', 'x'], ['y', 'all'], {
          body: graph({
            node: [
              node('Add', ['state', 'state'], ['next']),
              node('Identity', ['going'], ['goes']),
              node('Identity', ['next'], ['scan']),
            ],
            input: [
              value('turn', tensorType('INT64', [])),
              value('going', tensorType('BOOL', [])),
              value('state', tensorType('FLOAT', ['N'])),
            ],
            output: [
              value('goes', tensorType('BOOL', [])),
              value('next', tensorType('FLOAT', ['N'])),
              value('scan', tensorType('FLOAT', ['N'])),
            ],
          }),
        }),
      ],
      input: [value('count', tensorType('INT64', [])), value('x', tensorType('FLOAT', ['N']))],
      output: [value('y', tensorType('FLOAT', ['N'])), value('all', tensorType('FLOAT', ['T', 'N']))],
    }),
  ),
  split: model(
    graph({
      node: [node('StringSplit', ['texts'], ['y', 'counts'], { delimiter: ' ' })],
      input: [value('texts', tensorType('STRING', ['N']))],
      output: [value('y', tensorType('STRING', ['N', 'M'])), value('counts', tensorType('INT64', ['N']))],
    }),
    { '': 20 },
  ),
  image: model(
    graph({
      node: [
        node('Conv', ['image', 'w'], ['c'], { pads: [1n, 1n, 1n, 1n] }),
        node('Relu', ['c'], ['r']),
        node('GlobalAveragePool', ['r'], ['y']),
      ],
      initializer: [floats('w', [4, 3, 3, 3], new Float32Array(108).fill(0.1))],
      input: [value('image', tensorType('FLOAT', ['N', 3, 'H', 'W']))],
      output: [value('y', tensorType('FLOAT', ['N', 4, 1, 1]))],
    }),
  ),
  reshape: model(
    graph({
      node: [node('Reshape', ['x', 'form'], ['y']), node('ReduceMean', ['y'], ['z'], { axes: [1n] })],
      initializer: [ints('form', [-1, 6])],
      input: [value('x', tensorType('FLOAT', ['A', 'B', 'C']))],
      output: [value('z', tensorType('FLOAT', [null, 1]))],
    }),
  ),
};

/** Up to 40 models of both engines, including boosters; those of the folders come first. */
export function hostileModels(folders: readonly string[] = []): HostileModel[] {
  const encode = (proto: ModelProto) => Buffer.concat(encodeModel(proto));
  const onnx = (models: Record<string, ModelProto>, engine: HostileModel['engine']): HostileModel[] =>
    Object.entries(models).map(([name, proto]) => ({ file: `${name}.onnx`, bytes: encode(proto), engine }));
  const drawn = Object.fromEntries(
    Object.entries(generators).map(([operator, make]) => [operator, make(startDrawing(1)).model]),
  );
  return [
    ...onnx(sized, 'onnxruntime'),
    ...onnx(rowModels, 'onnxruntime'),
    ...onnx({ forest: forest(1, 2) }, 'compiled'),
    ...onnx(drawn, 'auto'),
    ...boosters(),
    ...onnx({ classifier: classifier(), doubles: doubleClassifier(), dense: dense() }, 'auto'),
    ...folders.flatMap(readFolder),
  ];
}

function boosters(): HostileModel[] {
  const bySet = { split_feature: 1, threshold: 0, num_cat: 1, cat_boundaries: '0 1', cat_threshold: 1 };
  const counts = { leaf_count: '3 5', internal_count: 8 };
  const categories = [stump(8, counts), stump(1, { ...bySet, ...counts, leaf_value: '0.5 -0.25' })];
  return [
    {
      file: 'regression.txt',
      bytes: lightGbmText([stump(2, { ...counts })], { header: { feature_infos: '[-5:5] [-5:5]' } }),
      engine: 'compiled',
    },
    {
      file: 'churn.txt',
      bytes: lightGbmText(categories, { header: { objective: 'binary' }, pandas: '[["Oslo", "Rome"]]' }),
      engine: 'compiled',
    },
  ];
}

/** Reads models from a folder of folders, each with a `model.onnx`, `model.txt` or `model.json`. */
function readFolder(folder: string): HostileModel[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => /(^|[/\\])model\.(onnx|txt|json)$/.test(path))
    .map(path => {
      const file = path.replaceAll(/[/\\]model\./g, '.').replaceAll(/[/\\]/g, '-');
      const engine = path.endsWith('.onnx') ? 'auto' : 'compiled';
      return { file, bytes: readFileSync(join(folder, path)), engine };
    });
}
