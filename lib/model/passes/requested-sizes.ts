import { create } from '@bufbuild/protobuf';
import { ELEMENTS_INPUT } from '../../contract/elements-input.ts';
import { startNodes } from '../nodes.ts';
import {
  type ModelProto,
  type NodeProto,
  TensorProto_DataType as Type,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../onnx_pb.ts';
import { defaultOpset, operatorOf } from '../opsets.ts';
import { freshNamesIn } from '../rename.ts';
import { changeNodes, type Scope } from '../scope.ts';
import { allNodes } from '../walk.ts';
import type { Pass } from './pass.ts';
import { limitBody } from './sizes/loop-body.ts';
import { MAX_ELEMENTS, type Sizing, startCounting } from './sizes/sizing.ts';
import { sizings } from './sizes/table.ts';

/** The first opset with every operator used to count. */
const FIRST_OPSET = 9;

const sizingsOf = (node: NodeProto): readonly Sizing[] =>
  sizings.filter(({ operators }) => operators.includes(operatorOf(node)));

/**
 * If a number in a request decides how much the model makes, 8 bytes can demand all the memory there is. Such a number
 * passes a gate: a Gather whose index is out of range if the count is too great, so that the engine reports an error.
 */
export const requestedSizes: Pass = {
  name: 'requested-sizes',
  engine: 'onnxruntime',
  apply({ proto }) {
    const opset = defaultOpset(proto) ?? 0;
    if (opset < FIRST_OPSET || ![...allNodes(proto)].some(node => sizingsOf(node).length > 0)) {
      return undefined;
    }
    const fresh = freshNamesIn(proto);
    const gated = new Set<string>();
    // The model's own functions cannot read inputs of the graph.
    const inFunctions = new Set(allNodes({ ...proto, graph: undefined } as ModelProto));
    let isLimited = false;
    changeNodes(proto, (node, scope) => {
      const hasLimit = !inFunctions.has(node);
      const counted = node.opType === 'Loop' && limitBody(node, { scope, opset, fresh, hasLimit });
      const deciding = sizingsOf(node).flatMap(sizing => {
        const input = decidingInput(node, sizing, scope);
        return input === undefined ? [] : { sizing, input };
      });
      if (!counted && deciding.length === 0) {
        return undefined;
      }
      gated.add(node.opType);
      isLimited ||=
        hasLimit && (counted === 'elements' || deciding.some(({ sizing }) => sizing.limit === undefined));
      const gates = deciding.flatMap(({ sizing, input }) =>
        gate(node, input, { sizing, scope, opset, fresh, hasLimit }),
      );
      return [...gates, node];
    });
    if (isLimited) {
      proto.graph!.input.push(elementsInput());
    }
    return gated.size === 0
      ? undefined
      : `numbers in a request decide how much the model makes; limited: ${[...gated].join(', ')}`;
  },
};

/** Returns the input to gate: the first of the deciding inputs that is present, if a request decides any of them. */
function decidingInput({ input }: NodeProto, { inputs }: Sizing, { requested }: Scope): number | undefined {
  const isGiven = (index: number) => (input[index] ?? '') !== '';
  return inputs.some(index => isGiven(index) && requested.has(input[index]!))
    ? inputs.find(isGiven)
    : undefined;
}

/**
 * Returns the node behind nodes that pass the input on unless the count is too great. The engine's error quotes the
 * index, which is the count, and the name of the Gather, which identifies the operator.
 */
function gate(
  node: NodeProto,
  input: number,
  {
    sizing,
    scope,
    opset,
    fresh,
    hasLimit,
  }: { sizing: Sizing; scope: Scope; opset: number; fresh: (name: string) => string; hasLimit: boolean },
): NodeProto[] {
  const { limit = hasLimit ? undefined : MAX_ELEMENTS, unit = 'elements' } = sizing;
  const list = startNodes(fresh, node.opType);
  const count = sizing.count(node, startCounting(list, opset), scope);
  // Not "greater", so that NaN does not pass either.
  const most = limit === undefined ? ELEMENTS_INPUT : list.float(limit + 1);
  const isSmall = list.add('Less', [count, most]);
  const index = list.cast(list.add('Where', [isSmall, list.float(0), count]), Type.INT64);
  const value = node.input[input]!;
  const boxed =
    opset >= 13
      ? list.add('Unsqueeze', [value, list.integers([0])])
      : list.add('Unsqueeze', [value], { axes: [0] });
  const name = fresh(`${unit}/${node.opType}/${limit ?? 'limit'}`);
  node.input[input] = list.add('Gather', [boxed, index], { axis: 0 }, name);
  return list.nodes;
}

function elementsInput(): ValueInfoProto {
  const value = { elemType: Type.FLOAT, shape: { dim: [] } };
  return create(ValueInfoProtoSchema, {
    name: ELEMENTS_INPUT,
    type: { value: { case: 'tensorType', value } },
  });
}
