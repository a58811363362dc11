import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  TensorProto_DataType,
} from '../../lib/model/onnx_pb.ts';
import type { RequestInput } from './events.ts';
import { randomNumbers } from './random.ts';

const columns = 30;

/**
 * A random forest with two classes as skl2onnx writes it: every leaf only has a weight for the second class.
 * @param trees - of about 3,300 nodes each; 200 make 19 MB
 */
export function forest(seed: number, trees = 200): ModelProto {
  const random = randomNumbers(seed);
  const lists = {
    treeids: [] as number[],
    nodeids: [] as number[],
    featureids: [] as number[],
    values: [] as number[],
    modes: [] as string[],
    truenodeids: [] as number[],
    falsenodeids: [] as number[],
  };
  const leaves: { tree: number; node: number; weight: number }[] = [];
  for (let tree = 0; tree < trees; tree++) {
    let count = 0;
    const grow = (depth: number): number => {
      const at = lists.treeids.length;
      const node = count++;
      const isLeaf = depth === 0 || (depth < 9 && random() < 0.12);
      lists.treeids.push(tree);
      lists.nodeids.push(node);
      lists.featureids.push(isLeaf ? 0 : Math.floor(random() * columns));
      lists.values.push(isLeaf ? 0 : Math.fround(random() * 4 - 2));
      lists.modes.push(isLeaf ? 'LEAF' : 'BRANCH_LEQ');
      lists.truenodeids.push(0);
      lists.falsenodeids.push(0);
      if (isLeaf) {
        leaves.push({ tree, node, weight: Math.fround(random() / trees) });
      } else {
        lists.truenodeids[at] = grow(depth - 1);
        lists.falsenodeids[at] = grow(depth - 1);
      }
      return node;
    };
    grow(12);
  }
  const { INTS, FLOATS, STRINGS } = AttributeProto_AttributeType;
  const ints = (name: string, values: number[]) => ({ name, type: INTS, ints: values.map(BigInt) });
  const floats = (name: string, values: number[]) => ({ name, type: FLOATS, floats: values });
  const attributes = [
    ints('nodes_treeids', lists.treeids),
    ints('nodes_nodeids', lists.nodeids),
    ints('nodes_featureids', lists.featureids),
    floats('nodes_values', lists.values),
    {
      name: 'nodes_modes',
      type: STRINGS,
      strings: lists.modes.map(mode => Buffer.from(mode)),
    },
    ints('nodes_truenodeids', lists.truenodeids),
    ints('nodes_falsenodeids', lists.falsenodeids),
    ints(
      'class_treeids',
      leaves.map(({ tree }) => tree),
    ),
    ints(
      'class_nodeids',
      leaves.map(({ node }) => node),
    ),
    ints(
      'class_ids',
      leaves.map(() => 0),
    ),
    floats(
      'class_weights',
      leaves.map(({ weight }) => weight),
    ),
    ints('classlabels_int64s', [0, 1]),
  ];
  const tensor = (elemType: number, dims: (number | string)[]) => ({
    value: {
      case: 'tensorType' as const,
      value: {
        elemType,
        shape: {
          dim: dims.map(dim =>
            typeof dim === 'string'
              ? { value: { case: 'dimParam' as const, value: dim } }
              : { value: { case: 'dimValue' as const, value: BigInt(dim) } },
          ),
        },
      },
    },
  });
  return create(ModelProtoSchema, {
    irVersion: 8n,
    producerName: 'coldpress',
    opsetImport: [
      { domain: '', version: 17n },
      { domain: 'ai.onnx.ml', version: 3n },
    ],
    graph: {
      name: 'forest',
      node: [
        {
          opType: 'TreeEnsembleClassifier',
          domain: 'ai.onnx.ml',
          input: ['x'],
          output: ['label', 'probabilities'],
          attribute: attributes.map(attribute =>
            toBinary(AttributeProtoSchema, create(AttributeProtoSchema, attribute)),
          ),
        },
      ],
      input: [{ name: 'x', type: tensor(TensorProto_DataType.FLOAT, ['N', columns]) }],
      output: [
        { name: 'label', type: tensor(TensorProto_DataType.INT64, ['N']) },
        { name: 'probabilities', type: tensor(TensorProto_DataType.FLOAT, ['N', 2]) },
      ],
    },
  });
}

/** A row of numbers, as a request. */
export function rowInputs(seed: number): RequestInput[] {
  const random = randomNumbers(seed);
  const data = Array.from({ length: columns }, () => random() * 4 - 2);
  return [{ name: 'x', datatype: 'FP32', shape: [1, columns], data }];
}
