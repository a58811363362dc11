import { clone, create } from '@bufbuild/protobuf';
import { subgraphs } from '../attributes.ts';
import { makeNode } from '../nodes.ts';
import {
  type GraphProto,
  type NodeProto,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../onnx_pb.ts';
import { isDeclared } from '../types.ts';
import type { Pass } from './pass.ts';

/** Returns the tensors of a sequence one by one if SequenceConstruct makes it, because their number is then known. */
export const sequenceOutputs: Pass = {
  name: 'sequence-outputs',
  apply({ proto: { graph } }) {
    if (graph === undefined) {
      return undefined;
    }
    const sequences = graph.output.flatMap(output => {
      const maker = graph.node.find(node => node.output[0] === output.name && isConstruct(node));
      return maker === undefined || isRead(graph, output.name) ? [] : { output, maker };
    });
    if (sequences.length === 0) {
      return undefined;
    }
    const taken = new Set(graph.node.flatMap(({ output }) => output));
    const parts = new Map(
      sequences.map(({ output, maker }) => [output, takeApart(output, maker, taken)] as const),
    );
    const makers = new Map(sequences.map(({ output, maker }) => [maker, parts.get(output)!]));
    graph.node = graph.node.flatMap(node => makers.get(node)?.nodes ?? node);
    graph.output = graph.output.flatMap(output => parts.get(output)?.outputs ?? output);
    const names = sequences.map(({ output }) => output.name);
    return `${names.join(', ')}: a sequence, which ONNX Runtime's Node binding cannot return; now its tensors, ${[...parts.values()].flatMap(({ outputs }) => outputs.map(({ name }) => name)).join(', ')}`;
  },
};

function isConstruct({ opType, domain }: NodeProto): boolean {
  return opType === 'SequenceConstruct' && domain === '';
}

/** Whether a node, or a graph inside one, reads the value. */
function isRead(graph: GraphProto, name: string): boolean {
  return graph.node.some(
    node =>
      node.input.includes(name) ||
      subgraphs(node).some(body => body.output.some(own => own.name === name) || isRead(body, name)),
  );
}

/** Makes an output for each element: `probabilities` becomes `probabilities_0` and so on. */
function takeApart(output: ValueInfoProto, { input }: NodeProto, taken: Set<string>) {
  const declared = output.type?.value;
  const element = declared?.case === 'sequenceType' ? declared.value.elemType : undefined;
  const nodes: NodeProto[] = [];
  const outputs = input.map((from, index) => {
    let name = `${output.name}_${index}`;
    while (taken.has(name)) {
      name += '_';
    }
    taken.add(name);
    nodes.push(makeNode({ opType: 'Identity', input: [from], output: [name] }));
    // If it is undeclared, ONNX Runtime infers the type.
    const type = isDeclared(element) ? clone(TypeProtoSchema, element!) : undefined;
    return create(ValueInfoProtoSchema, { name, ...(type && { type }) });
  });
  return { nodes, outputs };
}
