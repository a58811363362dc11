import { changeSubgraphs } from '../attributes.ts';
import type { GraphProto, ModelProto, NodeProto } from '../onnx_pb.ts';

/**
 * Leaves one of each constant in the bodies of an optimised model's loops and branches. ONNX Runtime 1.30 writes those
 * twice, and then does not open what it wrote.
 */
export function uniteInitializers({ graph }: ModelProto): boolean {
  return graph !== undefined && inBodies(graph.node);
}

/** Whether anything was left out. */
function inBodies(nodes: NodeProto[]): boolean {
  return nodes.map(node => changeSubgraphs(node, uniteIn)).includes(true);
}

function uniteIn(graph: GraphProto): boolean {
  const unique = [...new Map(graph.initializer.map(tensor => [tensor.name, tensor])).values()];
  const isShorter = unique.length < graph.initializer.length;
  graph.initializer = unique;
  return inBodies(graph.node) || isShorter;
}
