import { changeSubgraphs } from './attributes.ts';
import type { GraphProto, ModelProto, NodeProto } from './onnx_pb.ts';
import { allGraphs, allNodes } from './walk.ts';

/**
 * Renames values wherever a graph or the graphs of its nodes make or use them. The graph's own inputs and
 * outputs keep their names, because requests use them.
 */
export function renameInside(graph: GraphProto, names: ReadonlyMap<string, string>): boolean {
  let changed = false;
  const rename = (name: string): string => {
    const next = names.get(name);
    if (next === undefined) {
      return name;
    }
    changed = true;
    return next;
  };
  for (const node of graph.node) {
    node.input = node.input.map(rename);
    node.output = node.output.map(rename);
    if (
      changeSubgraphs(node, body => {
        const outer = [...names].filter(([name]) => body.output.some(output => output.name === name));
        for (const output of body.output) {
          output.name = names.get(output.name) ?? output.name;
        }
        return renameInside(body, names) || outer.length > 0;
      })
    ) {
      changed = true;
    }
  }
  for (const tensor of graph.initializer) {
    tensor.name = rename(tensor.name);
  }
  for (const info of graph.valueInfo) {
    info.name = rename(info.name);
  }
  for (const note of graph.quantizationAnnotation) {
    note.tensorName = rename(note.tensorName);
  }
  return changed;
}

/** Returns a function that makes names which no value of the graph, or of a graph inside it, has. */
export function freshNames(graph: GraphProto): (name: string) => string {
  return freshAmong(new Set(namesOf(graph)), name => `${name}/coldpress`);
}

/** Returns a function that makes names, in `coldpress/`, which no value and no node of the model has. */
export function freshNamesIn(proto: ModelProto): (name: string) => string {
  const inFunctions = proto.functions.flatMap(({ input, node }) => [...input, ...node.flatMap(namesOfNode)]);
  const ofNodes = [...allNodes(proto)].map(({ name }) => name);
  const names = [...allGraphs(proto)].flatMap(namesOf).concat(inFunctions, ofNodes);
  const taken = new Set(names.filter(name => name.startsWith(OWN)));
  let count = 0;
  return freshAmong(taken, name => `${OWN}${name}_${count++}`);
}

const OWN = 'coldpress/';

function freshAmong(taken: Set<string>, propose: (name: string) => string): (name: string) => string {
  return name => {
    let fresh = propose(name);
    while (taken.has(fresh)) {
      fresh += '_';
    }
    taken.add(fresh);
    return fresh;
  };
}

function namesOf(graph: GraphProto): string[] {
  return [
    ...graph.node.flatMap(namesOfNode),
    ...[...graph.input, ...graph.output, ...graph.valueInfo, ...graph.initializer].map(({ name }) => name),
  ];
}

function namesOfNode({ input, output }: NodeProto): string[] {
  return [...input, ...output];
}
