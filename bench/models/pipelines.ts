import { AttributeProto_AttributeType as AttributeType, type ModelProto } from '../../lib/model/onnx_pb.ts';
import {
  graph,
  ints,
  model,
  node,
  floats as tensor,
  tensorType,
  value,
} from '../../test/model/build-model.ts';
import { randomNumbers } from './random.ts';

const opsets = { '': 17, 'ai.onnx.ml': 3 };

/** Logistic regression with two classes as skl2onnx writes it: a row of coefficients for each of them. */
export function logistic(seed: number, columns = 100): ModelProto {
  return model(
    graph({
      node: [classifier(randomNumbers(seed), columns)],
      input: [value('x', tensorType('FLOAT', ['N', columns]))],
      output: scores,
    }),
    opsets,
  );
}

const [columns, categories, numbers] = [8, 10, 4];

/** Columns of text, each one an input, and scaled numbers for logistic regression, as skl2onnx writes them. */
export function oneHotTexts(seed: number): ModelProto {
  const names = Array.from({ length: columns }, (_, at) => `text${at}`);
  const words = Array.from({ length: categories }, (_, category) => `c${category}`);
  return pipeline(seed, {
    input: names.map(name => value(name, tensorType('STRING', ['N', 1]))),
    node: names.map((name, at) =>
      node('ai.onnx.ml.OneHotEncoder', [name], [`hot${at}`], { cats_strings: words, zeros: 1 }),
    ),
  });
}

/** Likewise for categories that are numbers, columns of one input. */
export function oneHotCodes(seed: number): ModelProto {
  const codes = Array.from({ length: categories }, (_, category) => BigInt(category));
  const places = Array.from({ length: columns }, (_, at) => at);
  return pipeline(seed, {
    input: [value('codes', tensorType('FLOAT', ['N', columns]))],
    initializer: places.map(at => ints(`place${at}`, [at])),
    node: places.flatMap(at => [
      node('Gather', ['codes', `place${at}`], [`column${at}`], { axis: 1 }),
      node('Cast', [`column${at}`], [`code${at}`], { to: 7 }),
      node('ai.onnx.ml.OneHotEncoder', [`code${at}`], [`hot${at}`], { cats_int64s: codes, zeros: 1 }),
    ]),
  });
}

/** A network of two layers for images of 28 x 28 pixels. */
export function network(seed: number): ModelProto {
  const random = randomNumbers(seed);
  const [pixels, hidden, classes] = [784, 128, 10];
  const matrix = (name: string, ...dims: number[]) => {
    const size = dims.reduce((product, dim) => product * dim, 1);
    return tensor(
      name,
      dims,
      Float32Array.from({ length: size }, () => (random() - 0.5) / 8),
    );
  };
  return model(
    graph({
      initializer: [
        matrix('w1', pixels, hidden),
        matrix('b1', hidden),
        matrix('w2', hidden, classes),
        matrix('b2', classes),
      ],
      input: [value('x', tensorType('FLOAT', ['N', pixels]))],
      node: [
        node('Gemm', ['x', 'w1', 'b1'], ['sums']),
        node('Relu', ['sums'], ['features']),
        node('Gemm', ['features', 'w2', 'b2'], ['logits']),
        node('Softmax', ['logits'], ['probabilities']),
      ],
      output: [value('probabilities', tensorType('FLOAT', ['N', classes]))],
    }),
  );
}

function pipeline(
  seed: number,
  { input, initializer, node: encoders }: Parameters<typeof graph>[0],
): ModelProto {
  const random = randomNumbers(seed);
  const width = columns * categories;
  const factors = () => floats(Array.from({ length: numbers }, () => random() + 0.5));
  return model(
    graph({
      initializer: [...(initializer ?? []), ints('flat', [-1, width])],
      input: [...(input ?? []), value('numbers', tensorType('FLOAT', ['N', numbers]))],
      node: [
        ...(encoders ?? []),
        node(
          'Concat',
          Array.from({ length: columns }, (_, at) => `hot${at}`),
          ['encoded'],
          { axis: -1 },
        ),
        node('Reshape', ['encoded', 'flat'], ['table']),
        node('ai.onnx.ml.Scaler', ['numbers'], ['scaled'], { offset: factors(), scale: factors() }),
        node('Concat', ['table', 'scaled'], ['x'], { axis: 1 }),
        classifier(random, width + numbers),
      ],
      output: scores,
    }),
    opsets,
  );
}

function classifier(random: () => number, width: number) {
  const weights = Array.from({ length: width }, () => random() - 0.5);
  return node('ai.onnx.ml.LinearClassifier', ['x'], ['label', 'probabilities'], {
    classlabels_ints: [0n, 1n],
    coefficients: floats([...weights.map(weight => -weight), ...weights]),
    intercepts: floats([-0.25, 0.25]),
    multi_class: 0,
    post_transform: 'LOGISTIC',
  });
}

function floats(values: number[]) {
  return { type: AttributeType.FLOATS, floats: values };
}

const scores = [
  value('label', tensorType('INT64', ['N'])),
  value('probabilities', tensorType('FLOAT', ['N', 2])),
];
