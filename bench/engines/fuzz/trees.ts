import { create } from '@bufbuild/protobuf';
import {
  TensorProto_DataType,
  TensorProtoSchema,
  AttributeProto_AttributeType as Type,
} from '../../../lib/model/onnx_pb.ts';
import { EngineTensor } from '../../../lib/runtime/engine/tensor.ts';
import { type Attributes, graph, model, node, tensorType, value } from '../../../test/model/build-model.ts';
import type { FuzzCase } from './case.ts';
import { type Draw, neighbour, oddFloats } from './draw.ts';

const modes = ['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GTE', 'BRANCH_GT', 'BRANCH_EQ', 'BRANCH_NEQ'];
const transforms = [
  'NONE',
  'LOGISTIC',
  'SOFTMAX',
  'SOFTMAX_ZERO',
  'NONE',
  'LOGISTIC',
  'SOFTMAX',
  'SOFTMAX_ZERO',
  'PROBIT',
];

interface Forest {
  attributes: Attributes;
  thresholds: number[];
  columns: number;
  leaves: { tree: number; node: number }[];
}

/** Makes trees of up to 15 nodes, with one or several comparison modes. */
function makeForest(draw: Draw): Forest {
  const columns = draw.int(1, 6);
  const mode = draw.chance(0.7) ? draw.pick(modes) : undefined;
  const hasMissing = draw.chance(0.3);
  const rows: {
    tree: number;
    node: number;
    feature: number;
    value: number;
    mode: string;
    yes: number;
    no: number;
  }[] = [];
  const treeCount = draw.pick([1, 2, 3, 5, 20]);
  for (let tree = 0; tree < treeCount; tree++) {
    let count = 0;
    const grow = (depth: number): number => {
      const own = count++;
      const row = { tree, node: own, feature: 0, value: 0, mode: 'LEAF', yes: 0, no: 0 };
      rows.push(row);
      if (depth > 0 && draw.chance(0.8)) {
        row.feature = draw.int(0, columns - 1);
        row.value = draw.chance(0.9) ? Math.fround(draw.plain()) : Math.fround(draw.pick(oddFloats));
        row.mode = mode ?? draw.pick(modes);
        row.yes = grow(depth - 1);
        row.no = grow(depth - 1);
      }
      return own;
    };
    grow(3);
  }
  const of = <K extends keyof (typeof rows)[number]>(key: K) => rows.map(row => row[key]);
  return {
    columns,
    thresholds: rows.filter(row => row.mode !== 'LEAF').map(row => row.value),
    leaves: rows.filter(row => row.mode === 'LEAF').map(({ tree, node: id }) => ({ tree, node: id })),
    attributes: {
      nodes_treeids: ints(of('tree')),
      nodes_nodeids: ints(of('node')),
      nodes_featureids: ints(of('feature')),
      nodes_values: floats(of('value')),
      nodes_modes: of('mode'),
      nodes_truenodeids: ints(of('yes')),
      nodes_falsenodeids: ints(of('no')),
      ...(hasMissing && { nodes_missing_value_tracks_true: ints(rows.map(() => draw.int(0, 1))) }),
    },
  };
}

export function classifier(draw: Draw): FuzzCase {
  const forest = makeForest(draw);
  const count = draw.pick([2, 2, 2, 3, 4]);
  const sign = draw.pick([1, 1, -1, 0]);
  // Weights for one class only, for all classes in every leaf, or for any.
  const shape = draw.pick(['first', 'second', 'every', 'some'] as const);
  const weights = forest.leaves.flatMap(leaf => {
    const ids =
      shape === 'first'
        ? [0]
        : shape === 'second'
          ? [1]
          : shape === 'every'
            ? draw.list(count, i => i)
            : draw.list(draw.int(1, 2), () => draw.int(0, count - 1));
    return ids.map(id => ({
      ...leaf,
      id,
      weight: sign === 0 ? draw.plain() : sign * Math.abs(draw.plain()),
    }));
  });
  const base = draw.pick([0, 0, 0, 0, 0, 1, count]);
  const isText = draw.chance(0.4);
  const labels = draw.list(count, i => i + draw.pick([0, 0, 3]));
  return assemble(draw, forest, {
    operator: 'TreeEnsembleClassifier',
    outputs: [
      ['label', isText ? 'STRING' : 'INT64'],
      ['scores', 'FLOAT'],
    ],
    attributes: {
      ...(isText
        ? { classlabels_strings: labels.map(label => `c${label}`) }
        : { classlabels_int64s: labels.map(BigInt) }),
      class_ids: ints(weights.map(({ id }) => id)),
      class_treeids: ints(weights.map(({ tree }) => tree)),
      class_nodeids: ints(weights.map(({ node: id }) => id)),
      class_weights: floats(weights.map(({ weight }) => weight)),
      ...(base > 0 && { base_values: floats(draw.list(base, draw.plain)) }),
      post_transform: draw.pick(transforms),
    },
  });
}

export function regressor(draw: Draw): FuzzCase {
  const forest = makeForest(draw);
  const count = draw.pick([1, 1, 1, 2, 3]);
  const weights = forest.leaves.flatMap(leaf => {
    const ids = draw.chance(0.7) ? draw.list(count, i => i) : [draw.int(0, count - 1)];
    return ids.map(id => ({ ...leaf, id, weight: draw.plain() }));
  });
  const base = draw.pick([0, 0, 1, count]);
  return assemble(draw, forest, {
    operator: 'TreeEnsembleRegressor',
    outputs: [['scores', 'FLOAT']],
    attributes: {
      n_targets: count,
      target_ids: ints(weights.map(({ id }) => id)),
      target_treeids: ints(weights.map(({ tree }) => tree)),
      target_nodeids: ints(weights.map(({ node: id }) => id)),
      target_weights: floats(weights.map(({ weight }) => weight)),
      ...(base > 0 && { base_values: floats(draw.list(base, draw.plain)) }),
      post_transform: draw.pick(transforms),
      aggregate_function: draw.pick(['SUM', 'AVERAGE', 'MIN', 'MAX']),
    },
  });
}

/** The operator of ai.onnx.ml 5: inner nodes and leaves are separate lists, with one weight per leaf. */
export function ensemble(draw: Draw): FuzzCase {
  const isDouble = draw.chance(0.4);
  const { attributes, columns, thresholds, leaves } = makeForest(draw);
  const list = (name: string) => (attributes[name] as { ints: bigint[] }).ints.map(Number);
  const names = attributes.nodes_modes as string[];
  const [trees, ids] = [list('nodes_treeids'), list('nodes_nodeids')];
  const keyOf = (tree: number, id: number) => `${tree}/${id}`;
  const inner = names.flatMap((name, at) => (name === 'LEAF' ? [] : at));
  if (inner.length === 0) {
    return ensemble(draw);
  }
  const places = new Map<string, { isLeaf: number; index: number }>([
    ...inner.map((at, index) => [keyOf(trees[at]!, ids[at]!), { isLeaf: 0, index }] as const),
    ...leaves.map(({ tree, node: id }, index) => [keyOf(tree, id), { isLeaf: 1, index }] as const),
  ]);
  const children = (name: string) => inner.map(at => places.get(keyOf(trees[at]!, list(name)[at]!))!);
  const [yes, no] = [children('nodes_truenodeids'), children('nodes_falsenodeids')];
  const roots = inner.flatMap((at, index) => (ids[at] === 0 ? index : []));
  const splits = (attributes.nodes_values as { floats: number[] }).floats;
  const missing = attributes.nodes_missing_value_tracks_true && list('nodes_missing_value_tracks_true');
  const count = draw.pick([1, 1, 2, 3]);
  const tensor = (values: number[]) => numberTensor(values, isDouble ? 'DOUBLE' : 'FLOAT');
  return assemble(
    draw,
    { attributes: {}, thresholds, columns, leaves },
    {
      operator: 'TreeEnsemble',
      opset: 5,
      type: isDouble ? 'float64' : 'float32',
      outputs: [['scores', isDouble ? 'DOUBLE' : 'FLOAT']],
      attributes: {
        n_targets: count,
        tree_roots: ints(roots),
        nodes_featureids: ints(inner.map(at => list('nodes_featureids')[at]!)),
        nodes_splits: tensor(inner.map(at => splits[at]!)),
        nodes_modes: numberTensor(
          inner.map(at => modes.indexOf(names[at]!)),
          'UINT8',
        ),
        nodes_truenodeids: ints(yes.map(({ index }) => index)),
        nodes_trueleafs: ints(yes.map(({ isLeaf }) => isLeaf)),
        nodes_falsenodeids: ints(no.map(({ index }) => index)),
        nodes_falseleafs: ints(no.map(({ isLeaf }) => isLeaf)),
        ...(missing && { nodes_missing_value_tracks_true: ints(inner.map(at => missing[at]!)) }),
        leaf_targetids: ints(leaves.map(() => draw.int(0, count - 1))),
        leaf_weights: tensor(leaves.map(() => Math.fround(draw.plain()))),
        post_transform: draw.pick([0, 0, 1, 2, 3, 4]),
        aggregate_function: draw.pick([0, 1, 2, 3]),
      },
    },
  );
}

function assemble(
  draw: Draw,
  { attributes, thresholds, columns }: Forest,
  rest: {
    operator: string;
    outputs: [string, 'STRING' | 'INT64' | 'FLOAT' | 'DOUBLE'][];
    attributes: Attributes;
    opset?: number;
    type?: 'float32' | 'float64';
  },
): FuzzCase {
  const type =
    rest.type ?? draw.pick(['float32', 'float32', 'float32', 'float64', 'int64', 'int32'] as const);
  const elements = { float32: 'FLOAT', float64: 'DOUBLE', int64: 'INT64', int32: 'INT32' } as const;
  const rows = draw.pick([1, 2, 7, 127, 128, 129]);
  const cell = (): number => {
    const threshold = thresholds.length > 0 ? draw.pick(thresholds) : 0;
    return draw.pick([
      threshold,
      neighbour(threshold, 1),
      neighbour(threshold, -1),
      threshold * (1 + 2 ** -40),
      draw.plain(),
      draw.pick(oddFloats),
    ]);
  };
  const cells = draw.list(rows * columns, cell);
  const whole = cells.map(x => (Number.isFinite(x) ? Math.max(-1e9, Math.min(1e9, Math.round(x))) : 0));
  const data =
    type === 'float32'
      ? Float32Array.from(cells)
      : type === 'float64'
        ? Float64Array.from(cells)
        : type === 'int32'
          ? Int32Array.from(whole)
          : BigInt64Array.from(whole, BigInt);
  const dims = rows === 1 && draw.chance(0.3) ? [columns] : [rows, columns];
  return {
    model: model(
      graph({
        node: [
          node(
            `ai.onnx.ml.${rest.operator}`,
            ['x'],
            rest.outputs.map(([name]) => name),
            { ...attributes, ...rest.attributes },
          ),
        ],
        input: [value('x', tensorType(elements[type], null))],
        output: rest.outputs.map(([name, element]) => value(name, tensorType(element, null))),
      }),
      { '': 17, 'ai.onnx.ml': rest.opset ?? 3 },
    ),
    inputs: new Map([['x', new EngineTensor(type, data, dims)]]),
  };
}

const arrays = { FLOAT: Float32Array, DOUBLE: Float64Array, UINT8: Uint8Array };

function numberTensor(values: number[], element: keyof typeof arrays) {
  const rawData = new Uint8Array(arrays[element].from(values).buffer);
  const t = create(TensorProtoSchema, {
    dims: [BigInt(values.length)],
    dataType: TensorProto_DataType[element],
    rawData,
  });
  return { type: Type.TENSOR, t };
}

function ints(values: number[]) {
  return { type: Type.INTS, ints: values.map(BigInt) };
}

function floats(values: number[]) {
  return { type: Type.FLOATS, floats: values };
}
