import { AttributeProto_AttributeType, type ModelProto } from '../../lib/model/onnx_pb.ts';
import { floats, graph, ints, mapSequenceType, model, node, tensorType, value } from './build-model.ts';

const x = () => value('x', tensorType('FLOAT', ['N', 2]));

/** A classifier as scikit-learn exports it, its probabilities a list of dictionaries. */
export function classifier(
  labels: Record<string, string[] | bigint[]> = { classlabels_strings: ['no', 'yes'] },
): ModelProto {
  return model(
    graph({
      node: [
        node('ai.onnx.ml.LinearClassifier', ['x'], ['label', 'scores'], {
          classlabels_ints: [0n, 1n],
          coefficients: { type: AttributeProto_AttributeType.FLOATS, floats: [1, 2, 3, 4] },
          intercepts: { type: AttributeProto_AttributeType.FLOATS, floats: [0, 1] },
          multi_class: 1,
        }),
        node('ai.onnx.ml.ZipMap', ['scores'], ['probabilities'], labels),
      ],
      input: [x()],
      output: [value('label', tensorType('INT64', ['N'])), value('probabilities', mapSequenceType('STRING'))],
    }),
    { '': 9, 'ai.onnx.ml': 1 },
  );
}

/** A classifier of float64, as scikit-learn exports it from numpy's default; the nodes make `scores` of `x`. */
export function doubleClassifier(nodes = [node('Softmax', ['x'], ['scores'])]): ModelProto {
  return model(
    graph({
      node: [
        ...nodes,
        node('ai.onnx.ml.ZipMap', ['scores'], ['probabilities'], { classlabels_int64s: [0n, 1n] }),
      ],
      input: [value('x', tensorType('DOUBLE', ['N', 2]))],
      output: [value('probabilities', mapSequenceType('INT64'))],
    }),
    { '': 17, 'ai.onnx.ml': 1 },
  );
}

/** Branches that take a value of the graph around them. */
export function branching(element: 'FLOAT' | 'BFLOAT16' = 'BFLOAT16', opset = 17): ModelProto {
  const branch = (name: string) =>
    graph({ node: [node('Identity', ['x'], [name])], output: [value(name, tensorType(element, [2]))] });
  return model(
    graph({
      node: [node('If', ['c'], ['y'], { then_branch: branch('t'), else_branch: branch('e') })],
      input: [value('c', tensorType('BOOL', [])), value('x', tensorType(element, [2]))],
      output: [value('y', tensorType(element, [2]))],
    }),
    { '': opset },
  );
}

/** Weights, a function of its own, and metadata. */
export function dense(): ModelProto {
  return model(
    graph({
      node: [
        node('MatMul', ['x', 'w'], ['h']),
        node('Reshape', ['h', 's'], ['r']),
        node('my.Op', ['r'], ['y']),
      ],
      initializer: [floats('w', [2, 4], new Float32Array(8).fill(1)), ints('s', [-1, 2, 2])],
      input: [x()],
      output: [value('y', tensorType('FLOAT', null))],
    }),
    { '': 17, my: 1 },
    {
      metadataProps: [{ key: '__proto__', value: 'kept' }],
      functions: [
        {
          name: 'Op',
          domain: 'my',
          input: ['a'],
          output: ['b'],
          node: [node('Relu', ['a'], ['b'])],
          opsetImport: [{ domain: '', version: 17n }],
        },
      ],
    },
  );
}
