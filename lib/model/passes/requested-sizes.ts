import { startNodes } from '../nodes.ts';
import { type NodeProto, TensorProto_DataType as Type } from '../onnx_pb.ts';
import { defaultOpset, domainOf } from '../opsets.ts';
import { freshNamesIn } from '../rename.ts';
import { changeNodes, type Scope } from '../scope.ts';
import { allNodes } from '../walk.ts';
import type { Pass } from './pass.ts';
import { type Sizing, startCounting } from './sizes/sizing.ts';
import { sizings } from './sizes/table.ts';

/** 256 MB of FLOAT. */
const maxElements = 2 ** 26;
/** The first that has each operator used to count. */
const FIRST_OPSET = 9;

const byOperator = new Map(sizings.flatMap(sizing => sizing.operators.map(operator => [operator, sizing])));

/**
 * Where a number in a request decides how much is made, 8 bytes can ask for all the memory there is. Such a number
 * passes a gate: a Gather whose index is out of range, so that the engine refuses, when the count is too great.
 */
export const requestedSizes: Pass = {
  name: 'requested-sizes',
  engine: 'onnxruntime',
  apply({ proto }) {
    const opset = defaultOpset(proto) ?? 0;
    const sizingOf = ({ opType, domain }: NodeProto) =>
      domainOf(domain) === '' ? byOperator.get(opType) : undefined;
    if (opset < FIRST_OPSET || ![...allNodes(proto)].some(node => sizingOf(node) !== undefined)) {
      return undefined;
    }
    const fresh = freshNamesIn(proto);
    const gated = new Map<string, number>();
    changeNodes(proto, (node, scope) => {
      const sizing = sizingOf(node);
      const input = sizing && decidingInput(node, sizing, scope);
      if (sizing === undefined || input === undefined) {
        return undefined;
      }
      gated.set(node.opType, sizing.limit ?? maxElements);
      return [...gate(node, input, { sizing, opset, fresh }), node];
    });
    const shown = [...gated].map(([operator, limit]) => `${operator} up to ${limit.toLocaleString('en')}`);
    return gated.size === 0
      ? undefined
      : `numbers in a request decide how much the model makes; limited: ${shown.join(', ')}`;
  },
};

/** The input to gate: of those that decide, the first that there is, where a request says what is in any of them. */
function decidingInput(node: NodeProto, { inputs, applies }: Sizing, scope: Scope): number | undefined {
  const { input } = node;
  const { requested } = scope;
  if (applies?.(node, scope) === false) {
    return undefined;
  }
  const isGiven = (index: number) => (input[index] ?? '') !== '';
  return inputs.some(index => isGiven(index) && requested.has(input[index]!))
    ? inputs.find(isGiven)
    : undefined;
}

/** Nodes that pass the input on unless the count is too great; the node then takes it from them. */
function gate(
  node: NodeProto,
  input: number,
  { sizing, opset, fresh }: { sizing: Sizing; opset: number; fresh: (name: string) => string },
): NodeProto[] {
  const list = startNodes(fresh);
  const count = sizing.count(node, startCounting(list, opset));
  // Not "greater": a count that is not a number must not pass either.
  const isSmall = list.add('Less', [count, list.float((sizing.limit ?? maxElements) + 1)]);
  const index = list.cast(list.add('Not', [isSmall]), Type.INT64);
  const value = node.input[input]!;
  const boxed =
    opset >= 13
      ? list.add('Unsqueeze', [value, list.integers([0])])
      : list.add('Unsqueeze', [value], { axes: [0] });
  node.input[input] = list.add('Gather', [boxed, index], { axis: 0 }, fresh(`limit/${node.opType}`));
  return list.nodes;
}
