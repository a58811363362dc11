import { subgraphs } from '../attributes.ts';
import type { GraphProto, NodeProto } from '../onnx_pb.ts';

/** Returns the nodes that the graph's outputs depend on, each after those whose outputs it reads. */
export function sortNodes(graph: GraphProto): NodeProto[] {
  const makers = new Map(graph.node.flatMap(node => node.output.map(name => [name, node] as const)));
  const sorted = new Set<NodeProto>();
  const open = new Set<NodeProto>();
  // Without recursion, because chains of nodes may be longer than the stack is deep.
  const stack = graph.output.map(({ name }) => name).reverse();
  while (stack.length > 0) {
    const node = makers.get(stack.at(-1)!);
    if (node === undefined || sorted.has(node) || open.has(node)) {
      stack.pop();
      if (node !== undefined && !sorted.has(node)) {
        sorted.add(node);
      }
      continue;
    }
    open.add(node);
    stack.push(...readsOf(node).reverse());
  }
  return [...sorted];
}

/** Returns the names that a node reads, including those read by graphs in its attributes. */
export function readsOf(node: NodeProto): string[] {
  return [...node.input, ...subgraphs(node).flatMap(readsInside)].filter(name => name !== '');
}

function readsInside(body: GraphProto): string[] {
  const own = new Set([
    ...body.input.map(({ name }) => name),
    ...body.initializer.map(({ name }) => name),
    ...body.node.flatMap(({ output }) => output),
  ]);
  const read = [...body.node.flatMap(readsOf), ...body.output.map(({ name }) => name)];
  return read.filter(name => !own.has(name));
}
