import { ColdpressError } from '../../errors.ts';
import { subgraphs } from '../attributes.ts';
import type { GraphProto, NodeProto } from '../onnx_pb.ts';
import type { Check } from './check.ts';

/** Finds invalid graphs: values made twice, never made, or that depend on themselves. */
export const checkStructure: Check = function* (model) {
  if (model.graph === undefined) {
    return;
  }
  const fault = findFault(model.graph, new Set());
  if (fault !== undefined) {
    yield new ColdpressError('MODEL_INVALID', fault, {
      hint: 'export the model again; `python -m onnx.checker` says more',
    });
  }
};

/** PyTorch's exporter does not check whether the name requested for an output is one that it uses itself. */
function clash(graph: GraphProto, name: string): string {
  return graph.output.some(output => output.name === name)
    ? '; choose another name for the output when you export, because the exporter uses this one itself'
    : '';
}

function findFault(graph: GraphProto, outer: ReadonlySet<string>): string | undefined {
  const known = new Set(outer);
  for (const { name } of graph.input) {
    if (name === '') {
      return 'an input of the graph has no name';
    }
    known.add(name);
  }
  for (const { name } of graph.initializer) {
    known.add(name);
  }
  for (const { values } of graph.sparseInitializer) {
    known.add(values?.name ?? '');
  }
  const makers = new Map<string, NodeProto>();
  for (const node of graph.node) {
    for (const name of node.output) {
      if (name === '') {
        continue;
      }
      if (makers.has(name) || graph.input.some(input => input.name === name)) {
        return `two operators make the value ${JSON.stringify(name)}${clash(graph, name)}`;
      }
      makers.set(name, node);
    }
  }
  const all = new Set([...known, ...makers.keys()]);
  for (const node of graph.node) {
    const missing = node.input.find(name => name !== '' && !all.has(name));
    if (missing !== undefined) {
      return `${node.opType} "${node.name}" reads ${JSON.stringify(missing)}, which no node computes`;
    }
    for (const body of subgraphs(node)) {
      const fault = findFault(body, all);
      if (fault !== undefined) {
        return fault;
      }
    }
  }
  const unmade = graph.output.find(({ name }) => !all.has(name));
  if (unmade !== undefined) {
    return `nothing makes the output ${JSON.stringify(unmade.name)}`;
  }
  return findCycle(graph.node, makers);
}

/** Removes operators whose inputs are all made, until none is left or none can be removed. */
function findCycle(nodes: NodeProto[], makers: ReadonlyMap<string, NodeProto>): string | undefined {
  const waiting = new Map<NodeProto, number>();
  const takers = new Map<NodeProto, NodeProto[]>();
  for (const node of nodes) {
    const sources = new Set(node.input.map(name => makers.get(name)).filter(maker => maker !== undefined));
    waiting.set(node, sources.size);
    for (const source of sources) {
      const known = takers.get(source);
      if (known === undefined) {
        takers.set(source, [node]);
      } else {
        known.push(node);
      }
    }
  }
  const ready = nodes.filter(node => waiting.get(node) === 0);
  for (const node of ready) {
    for (const consumer of takers.get(node) ?? []) {
      const left = waiting.get(consumer)! - 1;
      waiting.set(consumer, left);
      if (left === 0) {
        ready.push(consumer);
      }
    }
  }
  const stuck = nodes.find(node => waiting.get(node)! > 0);
  return ready.length === nodes.length || stuck === undefined
    ? undefined
    : `${stuck.opType} "${stuck.name}" waits for its own output`;
}
