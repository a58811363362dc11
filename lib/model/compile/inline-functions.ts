import { clone, create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { changeSubgraphs, encodeAttribute } from '../attributes.ts';
import { makeNode } from '../nodes.ts';
import {
  type AttributeProto,
  AttributeProtoSchema,
  type FunctionProto,
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  type NodeProto,
  NodeProtoSchema,
} from '../onnx_pb.ts';
import { domainOf } from '../opsets.ts';
import { renameInside } from '../rename.ts';
import { functionName, operatorOf } from './node.ts';
import { NotCovered } from './not-covered.ts';

/** No function written by a person unfolds to more nodes. */
const mostNodes = 100_000;

type Functions = ReadonlyMap<string, FunctionProto>;

/**
 * Returns a model's graph with each call of one of the model's own functions replaced by the nodes of its body.
 * @throws NotCovered if a function calls itself, if they unfold to too much, or use another version of an operator than the model does
 */
export function inlineFunctions({ graph, functions, opsetImport }: ModelProto): GraphProto | undefined {
  if (graph === undefined || functions.length === 0) {
    return graph;
  }
  const bodies = new Map(functions.map(body => [functionName(body), body]));
  const versions = new Map(opsetImport.map(({ domain, version }) => [domainOf(domain), version]));
  for (const { name, opsetImport: own } of functions) {
    const other = own.find(({ domain, version }) => (versions.get(domainOf(domain)) ?? version) !== version);
    if (other !== undefined) {
      throw new NotCovered(name, `the function uses opset ${other.version}, not that of the model`);
    }
  }
  const inlined = clone(GraphProtoSchema, graph);
  inlineInto(inlined, { functions: bodies, counts: { calls: 0, nodes: 0 }, open: [] });
  return inlined;
}

interface Inlining {
  functions: Functions;
  counts: { calls: number; nodes: number };
  /** The functions whose bodies are being inlined, from the outermost. */
  open: readonly string[];
}

function inlineInto(graph: GraphProto, inlining: Inlining): boolean {
  const { functions, counts, open } = inlining;
  let changed = false;
  const expand = (node: NodeProto): NodeProto[] => {
    const name = operatorOf(node);
    const body = functions.get(name);
    counts.nodes += body?.node.length ?? 0;
    if (counts.nodes > mostNodes) {
      throw new NotCovered(node.opType, `the model's functions unfold to more than ${mostNodes} operators`);
    }
    if (body === undefined) {
      changed = changeSubgraphs(node, inner => inlineInto(inner, inlining)) || changed;
      return [node];
    }
    if (open.includes(name)) {
      throw new NotCovered(node.opType, 'the function calls itself');
    }
    changed = true;
    const called = create(GraphProtoSchema, { node: callOf(node, body, counts.calls++) });
    inlineInto(called, { ...inlining, open: [...open, name] });
    return called.node;
  };
  graph.node = graph.node.flatMap(expand);
  return changed;
}

/** Returns the body of a function for one call, with unique names of its values and the attributes of the call. */
function callOf(call: NodeProto, body: FunctionProto, number: number): NodeProto[] {
  const names = new Map<string, string>();
  const own = body.node.flatMap(({ output }) => output).filter(name => name !== '');
  for (const name of own) {
    names.set(name, `${body.name}/${number}/${name}`);
  }
  for (const [index, name] of body.input.entries()) {
    names.set(name, call.input[index] ?? '');
  }
  const returned = call.output.flatMap((name, index) => {
    const inner = names.get(body.output[index] ?? '');
    return name === '' || inner === undefined
      ? []
      : makeNode({ opType: 'Identity', input: [inner], output: [name] });
  });
  const given = new Map(
    [...body.attributeProto.map(encodeAttribute), ...call.attribute].map(bytes => {
      const attribute = fromBinary(AttributeProtoSchema, bytes);
      return [attribute.name, attribute];
    }),
  );
  const graph = create(GraphProtoSchema, { node: body.node.map(node => clone(NodeProtoSchema, node)) });
  bindAttributes(graph, given);
  renameInside(graph, names);
  return [...graph.node, ...returned];
}

/** Replaces references to attributes of the function by their values; those without a value are removed. */
function bindAttributes(graph: GraphProto, given: ReadonlyMap<string, AttributeProto>): boolean {
  for (const node of graph.node) {
    node.attribute = node.attribute.flatMap(bytes => {
      const attribute = fromBinary(AttributeProtoSchema, bytes);
      if (attribute.refAttrName === '') {
        return [bytes];
      }
      const value = given.get(attribute.refAttrName);
      return value === undefined ? [] : [toBinary(AttributeProtoSchema, { ...value, name: attribute.name })];
    });
    changeSubgraphs(node, inner => bindAttributes(inner, given));
  }
  return true;
}
