import { changeSubgraphs } from '../attributes.ts';
import type { GraphProto, ModelProto, NodeProto } from '../onnx_pb.ts';

/**
 * Removes duplicate constants from the bodies of an optimised model's loops and branches. ONNX Runtime 1.30 writes them
 * twice, and then cannot open the file.
 */
export function uniteInitializers({ graph }: ModelProto): boolean {
  return graph !== undefined && inBodies(graph.node);
}

/** Whether any duplicate was removed. */
function inBodies(nodes: NodeProto[]): boolean {
  return nodes.map(node => changeSubgraphs(node, uniteIn)).includes(true);
}

function uniteIn(graph: GraphProto): boolean {
  const unique = [...new Map(graph.initializer.map(tensor => [tensor.name, tensor])).values()];
  const isShorter = unique.length < graph.initializer.length;
  graph.initializer = unique;
  return inBodies(graph.node) || isShorter;
}
