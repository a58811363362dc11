import type { GraphProto, TypeProto } from '../../onnx_pb.ts';
import type { OperatorNode } from '../node.ts';
import { declaredType, type ValueType } from '../value.ts';
import type { Rule } from './rule.ts';

const ifElse: Rule = node => {
  const thenBranch = requireGraph(node, 'then_branch');
  const elseBranch = requireGraph(node, 'else_branch');
  return { kernel: 'ifElse', settings: { thenBranch, elseBranch }, types: outputTypes(thenBranch) };
};

const loop: Rule = node => {
  const body = requireGraph(node, 'body');
  const carried = node.inputs.length - 2;
  const types = outputTypes(body).slice(1);
  return {
    kernel: 'loop',
    settings: {
      body,
      carried,
      scanTypes: types.slice(carried).map(type => type ?? 'float32'),
      scanShapes: body.output.slice(1 + carried).map(({ type }) => declaredShape(type).join()),
      // ONNX Runtime turns these scalars into vectors if the body declares vectors.
      turnDims: declaredShape(body.input[0]?.type).map(() => 1),
      conditionDims: declaredShape(body.input[1]?.type).map(() => 1),
    },
    types,
  };
};

const scan: Rule = node => {
  if (node.opset < 9) {
    node.refuse('opset 8 is not covered');
  }
  const body = requireGraph(node, 'body');
  const scanned = node.int('num_scan_inputs', 0);
  const carried = node.inputs.length - scanned;
  const types = outputTypes(body);
  const flags = (attribute: string) => node.ints(attribute);
  return {
    kernel: 'scan',
    settings: {
      body,
      carried,
      scanned,
      inputAxes: node.ints('scan_input_axes'),
      inputReverse: flags('scan_input_directions'),
      outputAxes: node.ints('scan_output_axes'),
      outputReverse: flags('scan_output_directions'),
      outputTypes: types.slice(carried).map(type => type ?? 'float32'),
    },
    types,
  };
};

const sequenceConstruct: Rule = () => ({ kernel: 'sequenceConstruct', types: [undefined] });
const sequenceAt: Rule = () => ({ kernel: 'sequenceAt', types: [undefined] });
const concatFromSequence: Rule = node => ({
  kernel: 'concatFromSequence',
  settings: { axis: node.int('axis', 0), isNew: node.int('new_axis', 0) !== 0 },
  types: [undefined],
});

function requireGraph(node: OperatorNode, attribute: string): GraphProto {
  return node.graph(attribute) ?? node.refuse(`it has no ${attribute}`);
}

/** Returns the declared shape, with 0 for open dimensions. */
function declaredShape(type: TypeProto | undefined): number[] {
  const dims = type?.value.case === 'tensorType' ? type.value.value.shape?.dim : undefined;
  return (dims ?? []).map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : 0));
}

function outputTypes(body: GraphProto): (ValueType | undefined)[] {
  return body.output.map(({ type }) => declaredType(type));
}

/** Operators that run graphs, and operators for sequences of tensors. */
export const controlFlowOperators: Readonly<Record<string, Rule>> = {
  ConcatFromSequence: concatFromSequence,
  If: ifElse,
  Loop: loop,
  Scan: scan,
  SequenceAt: sequenceAt,
  SequenceConstruct: sequenceConstruct,
};
