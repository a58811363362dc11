import type { ModelProto, NodeProto, TensorProto } from '../../../lib/model/onnx_pb.ts';
import { floats, graph, model, node, tensorType, value } from '../../../test/model/build-model.ts';
import { randomNumbers } from '../../models/random.ts';

/** A network whose work increases with its size. */
export interface Net {
  name: string;
  /** About 1 M, 10 M, 30 M, 100 M, 300 M and 1 G multiply-adds. */
  sizes: number[];
  /** The largest size below the bound of `auto`, and the smallest above. */
  edges?: [below: number, above: number];
  shape(size: number): number[];
  work(size: number): number;
  build(size: number): ModelProto;
}

const channels = 32;
const rows = 64;
const features = 64;
const hidden = 128;
const layers = 4;

export const nets: Net[] = [
  {
    name: 'Conv, 3 x 3, 32 channels, 4 layers',
    sizes: [5, 16, 28, 52, 90, 164],
    edges: [23, 24],
    shape: size => [1, channels, size, size],
    work: size => layers * channels * channels * 9 * size * size,
    build: size => {
      const from = (layer: number) => (layer === 0 ? 'x' : `r${layer - 1}`);
      const nodes = Array.from({ length: layers }, (_, layer) => [
        node('Conv', [from(layer), `w${layer}`], [`c${layer}`], { pads: [1n, 1n, 1n, 1n] }),
        node('Relu', [`c${layer}`], [`r${layer}`]),
      ]).flat();
      const pool = node('GlobalMaxPool', [from(layers)], ['y']);
      return net([...nodes, pool], weights([channels, channels, 3, 3]), ['N', channels, size, size]);
    },
  },
  {
    name: `MatMul of ${rows} rows, 4 layers`,
    sizes: [64, 200, 344, 628, 1084, 1980],
    edges: [624, 626],
    shape: size => [1, rows, size],
    work: size => layers * rows * size * size,
    build: size => {
      const from = (layer: number) => (layer === 0 ? 'x' : `r${layer - 1}`);
      const nodes = Array.from({ length: layers }, (_, layer) => [
        node('MatMul', [from(layer), `w${layer}`], [`c${layer}`]),
        node('Relu', [`c${layer}`], [`r${layer}`]),
      ]).flat();
      const sum = node('ReduceMean', [from(layers)], ['y'], { axes: [1n] });
      return net([...nodes, sum], weights([size, size]), ['N', rows, size]);
    },
  },
  {
    name: 'Gemm of one row, 4 layers',
    sizes: [512, 1600, 2756],
    shape: size => [1, size],
    work: size => layers * size * size,
    build: size => {
      const nodes = Array.from({ length: layers }, (_, layer) =>
        node('Gemm', [layer === 0 ? 'x' : `c${layer - 1}`, `w${layer}`], [`c${layer}`]),
      );
      return net([...nodes, node('Tanh', [`c${layers - 1}`], ['y'])], weights([size, size]), ['N', size]);
    },
  },
  {
    name: 'LSTM, 128 wide',
    sizes: [10, 100, 300, 1000, 3000],
    edges: [50, 51],
    shape: steps => [steps, 1, features],
    work: steps => steps * 4 * hidden * (features + hidden),
    build: steps => {
      const matrices = [matrix('w', [1, 4 * hidden, features], 1), matrix('r', [1, 4 * hidden, hidden], 2)];
      const recurrent = node('LSTM', ['x', 'w', 'r'], ['', 'y'], { hidden_size: hidden });
      return net([recurrent], matrices, [steps, 'N', features]);
    },
  },
];

function net(nodes: NodeProto[], initializer: TensorProto[], dims: (number | string)[]): ModelProto {
  return model(
    graph({
      node: nodes,
      initializer,
      input: [value('x', tensorType('FLOAT', dims))],
      output: [value('y', undefined)],
    }),
    { '': 17 },
  );
}

function weights(dims: number[]): TensorProto[] {
  return Array.from({ length: layers }, (_, layer) => matrix(`w${layer}`, dims, layer));
}

/** Scaled so that the sums are about as large as the inputs. */
function matrix(name: string, dims: number[], seed: number): TensorProto {
  const random = randomNumbers(seed);
  const length = dims.reduce((product, size) => product * size, 1);
  const scale = 2 / Math.sqrt(length / Math.max(...dims));
  return floats(
    name,
    dims,
    Float32Array.from({ length }, () => (random() - 0.5) * scale),
  );
}
