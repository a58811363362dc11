import { subgraphs } from '../attributes.ts';
import type { GraphProto, NodeProto } from '../onnx_pb.ts';
import { operatorOf } from './node.ts';
import { readsOf } from './sort-nodes.ts';

/**
 * How a node processes float16. ONNX Runtime has few kernels for it. It runs all other operators in float32, with
 * casts around them, and removes casts to float16 that another one reverses, so values in between are never rounded:
 * https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/optimizer/insert_cast_transformer.cc
 */
export type Float16Way =
  /** The kernel moves elements of any type. */
  | 'moves'
  /** Computed in float32, and each result is rounded. */
  | 'rounds'
  /** Computed in float32, and results stay float32. */
  | 'widens';

const movers = `Cast CastLike Compress Concat ConcatFromSequence Expand Flatten Gather GatherElements GatherND Identity If
  Loop Reshape Scan ScatterElements ScatterND SequenceAt SequenceConstruct Shape Slice Split Squeeze Transpose Unsqueeze`;
const rounders = 'Clip DequantizeLinear IsInf IsNaN LayerNormalization Max Min Mod QuantizeLinear Round Sign';
const ways = new Map<string, Float16Way>([
  ...movers.split(/\s+/).map((operator): [string, Float16Way] => [operator, 'moves']),
  ...rounders.split(' ').map((operator): [string, Float16Way] => [operator, 'rounds']),
]);

/** Operators whose output type does not depend on their inputs' type. */
const toOther = new Set(['Cast', 'CastLike', 'IsInf', 'IsNaN', 'QuantizeLinear', 'Shape']);

function wayOfOperator(node: NodeProto): Float16Way {
  return ways.get(operatorOf(node)) ?? 'widens';
}

/**
 * Finds how each node of a graph processes its float16 inputs. Nodes must be passed in the order in which they run.
 */
export function startFloat16Ways(
  graph: GraphProto,
): (node: NodeProto, halves: readonly string[]) => Float16Way {
  const made = new Set(graph.node.flatMap(({ output }) => output));
  const outputs = new Set(graph.output.map(({ name }) => name));
  const readers = new Map<string, NodeProto[]>();
  for (const node of graph.node) {
    for (const name of readsOf(node)) {
      readers.set(name, [...(readers.get(name) ?? []), node]);
    }
  }
  const widened = new Set<string>();
  // A node with a float16 kernel runs in float32 anyway if all nodes around it do.
  const isBetweenWide = (node: NodeProto, halves: readonly string[]): boolean => {
    const own = halves.filter(name => made.has(name));
    return (
      own.length > 0 &&
      own.every(name => widened.has(name)) &&
      subgraphs(node).length === 0 &&
      node.output.every(name => !outputs.has(name)) &&
      node.output.flatMap(name => readers.get(name) ?? []).every(reader => wayOfOperator(reader) === 'widens')
    );
  };
  return (node, halves) => {
    const way = wayOfOperator(node);
    if (way !== 'widens' && (toOther.has(operatorOf(node)) || !isBetweenWide(node, halves))) {
      return way;
    }
    for (const name of node.output) {
      widened.add(name);
    }
    return 'widens';
  };
}
