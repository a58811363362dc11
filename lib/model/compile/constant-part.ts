import { create } from '@bufbuild/protobuf';
import { subgraphs } from '../attributes.ts';
import { type GraphProto, type ModelProto, type NodeProto, ValueInfoProtoSchema } from '../onnx_pb.ts';
import { tensorSizeBytes } from '../tensor-size.ts';
import { functionName, operatorOf } from './node.ts';
import { operators } from './operators/index.ts';
import { readsOf } from './sort-nodes.ts';

/** Operators with sequences as inputs or outputs. */
const ofSequences = new Set(['SequenceConstruct', 'SequenceAt', 'ConcatFromSequence']);

/** The part of a model that depends on none of its inputs. */
export interface ConstantPart {
  /** A model of only that part; its outputs are the values that the rest reads. */
  proto: ModelProto;
  /** Size of the constants that it reads, in bytes. */
  sizeBytes: number;
}

/** Returns `undefined` if every node depends on an input or is itself a constant. */
export function findConstantPart(proto: ModelProto): ConstantPart | undefined {
  const { graph } = proto;
  if (graph === undefined) {
    return undefined;
  }
  const nodes = constantNodes(graph, new Set(proto.functions.map(functionName)));
  const computed = nodes.filter(({ opType }) => opType !== 'Constant');
  if (computed.length === 0) {
    return undefined;
  }
  const inside = new Set(nodes);
  const read = new Set([
    ...graph.output.map(({ name }) => name),
    ...graph.node.filter(node => !inside.has(node)).flatMap(readsOf),
  ]);
  const output = computed
    .filter(node => node.output.some(name => read.has(name)))
    .flatMap(node => node.output.filter(name => name !== ''))
    .map(name => create(ValueInfoProtoSchema, { name }));
  const used = new Set(computed.flatMap(({ input }) => input));
  const constants = graph.initializer.filter(({ name }) => used.has(name));
  return {
    proto: { ...proto, graph: { ...graph, node: nodes, input: [], output } },
    sizeBytes: constants.reduce((sum, tensor) => sum + (tensorSizeBytes(tensor) ?? 0), 0),
  };
}

/** Returns the nodes whose inputs are all known, in the order of the graph. */
function constantNodes(graph: GraphProto, own: ReadonlySet<string>): NodeProto[] {
  const known = new Set(graph.initializer.map(({ name }) => name));
  return graph.node.filter(node => {
    const operator = operatorOf(node);
    const isKnown =
      operator === 'Constant' ||
      (Object.hasOwn(operators, operator) &&
        !own.has(operator) &&
        !ofSequences.has(operator) &&
        subgraphs(node).length === 0 &&
        node.input.every(name => name === '' || known.has(name)));
    if (isKnown) {
      for (const name of node.output) {
        known.add(name);
      }
    }
    return isKnown;
  });
}
