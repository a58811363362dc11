import type { ModelProto } from './onnx_pb.ts';
import { domainOf } from './opsets.ts';
import { elementCount, tensorSizeBytes } from './tensor-size.ts';
import { allNodes, allTensors } from './walk.ts';

export interface OperatorCount {
  /** `ai.onnx` for ONNX's own operators. */
  domain: string;
  type: string;
  count: number;
}

/** Counts the operators of the graph, its subgraphs and functions, the most frequent first. */
export function countOperators(model: ModelProto): OperatorCount[] {
  const counts = new Map<string, OperatorCount>();
  for (const node of allNodes(model)) {
    const domain = domainOf(node.domain) || 'ai.onnx';
    const key = `${domain}\0${node.opType}`;
    const known = counts.get(key);
    if (known === undefined) {
      counts.set(key, { domain, type: node.opType, count: 1 });
    } else {
      known.count++;
    }
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1));
}

/** Counts the numbers stored in initializers and in constants of nodes. Strings count without bytes. */
export function countParameters(model: ModelProto): { count: number; sizeBytes: number } {
  let count = 0;
  let sizeBytes = 0;
  for (const tensor of allTensors(model)) {
    count += elementCount(tensor) ?? 0;
    sizeBytes += tensorSizeBytes(tensor) ?? 0;
  }
  return { count, sizeBytes };
}
