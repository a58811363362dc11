import { changeSubgraphs, getAttribute, subgraphs } from './attributes.ts';
import { outputElementType } from './element-type.ts';
import {
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  TensorProto_DataType,
  type TensorShapeProto_Dimension,
} from './onnx_pb.ts';
import { domainOf } from './opsets.ts';
import { readSignature } from './signature.ts';

/** The known facts about the values that the nodes of one graph can use. */
export interface Scope {
  /** Values whose elements, not only their shape, follow from the contents of a request. */
  requested: Set<string>;
  /** ONNX's numbers of element types; a value is missing if its type is unknown. */
  elementTypes: Map<string, number>;
  constants: Map<string, TensorProto>;
  /** Sizes of dimensions, -1 for an open one; a value is missing if not even its rank is declared. */
  shapes: Map<string, number[]>;
  /** All nodes of the graph that this scope belongs to. */
  nodes: readonly NodeProto[];
}

const nothing: Scope = {
  requested: new Set(),
  elementTypes: new Map(),
  constants: new Map(),
  shapes: new Map(),
  nodes: [],
};

/** Returns the nodes that replace a node; `undefined` leaves it unchanged. */
export type NodeChange = (node: NodeProto, scope: Scope) => NodeProto[] | undefined;

/** Operators whose output depends only on the shape of the input. */
const SHAPE_OPERATORS = new Set(['Shape', 'Size']);

/** Applies `change` to every node of the model, in bodies of loops, branches and functions too. */
export function changeNodes(proto: ModelProto, change: NodeChange): boolean {
  let changed = false;
  for (const body of proto.functions) {
    const scope = extendScope({ ...nothing, requested: new Set(body.input) }, body.node);
    const nodes = changeList(body.node, scope, change);
    changed ||= nodes !== body.node;
    body.node = nodes;
  }
  const { graph } = proto;
  if (graph !== undefined) {
    const inputs = readSignature(proto).inputs.map(({ name }) => name);
    changed = changeGraph(graph, { ...nothing, requested: new Set(inputs) }, change) || changed;
  }
  return changed;
}

/** ONNX's numbers of the element types of a graph's values, as far as they are declared or follow from operators. */
export function elementTypesOf(graph: GraphProto): ReadonlyMap<string, number> {
  return graphScope(graph, nothing).elementTypes;
}

function graphScope(graph: GraphProto, outer: Scope): Scope {
  const elementTypes = new Map(outer.elementTypes);
  const shapes = new Map(outer.shapes);
  for (const { name, type } of [...graph.input, ...graph.valueInfo, ...graph.output]) {
    if (type?.value.case !== 'tensorType') {
      continue;
    }
    const { elemType, shape } = type.value.value;
    if (elemType !== TensorProto_DataType.UNDEFINED) {
      elementTypes.set(name, elemType);
    }
    if (shape !== undefined) {
      shapes.set(name, shape.dim.map(sizeOf));
    }
  }
  const constants = new Map(outer.constants);
  for (const tensor of graph.initializer) {
    elementTypes.set(tensor.name, tensor.dataType);
    constants.set(tensor.name, tensor);
    shapes.set(tensor.name, tensor.dims.map(Number));
  }
  return extendScope({ ...outer, elementTypes, constants, shapes }, graph.node);
}

function changeGraph(graph: GraphProto, outer: Scope, change: NodeChange): boolean {
  const scope = graphScope(graph, outer);
  const nodes = changeList(graph.node, scope, change);
  const changed = nodes !== graph.node;
  graph.node = nodes;
  return changed;
}

/** Returns the list itself if nothing changes. */
function changeList(nodes: NodeProto[], scope: Scope, change: NodeChange): NodeProto[] {
  let changed = false;
  const after = nodes.flatMap(node => {
    const inBody = changeSubgraphs(node, body => {
      const requested = new Set([...scope.requested, ...body.input.map(({ name }) => name)]);
      return changeGraph(body, { ...scope, requested }, change);
    });
    const replacement = change(node, scope);
    changed ||= inBody || replacement !== undefined;
    return replacement ?? node;
  });
  return changed ? after : nodes;
}

/** Adds the values that the nodes make. The nodes may be in any order. */
function extendScope(outer: Scope, nodes: NodeProto[]): Scope {
  const scope: Scope = {
    requested: new Set(outer.requested),
    elementTypes: new Map(outer.elementTypes),
    constants: new Map(outer.constants),
    shapes: new Map(outer.shapes),
    nodes,
  };
  for (const node of nodes) {
    addConstant(node, scope);
    for (const [index, name] of node.output.entries()) {
      const type = scope.elementTypes.get(name) ?? outputElementType(node, index, scope.elementTypes);
      if (type !== undefined) {
        scope.elementTypes.set(name, type);
      }
    }
  }
  for (let before = -1; before !== scope.requested.size; ) {
    before = scope.requested.size;
    for (const node of nodes) {
      if (isRequested(node, scope)) {
        for (const name of node.output) {
          scope.requested.add(name);
        }
      }
    }
  }
  return scope;
}

function sizeOf({ value }: TensorShapeProto_Dimension): number {
  return value.case === 'dimValue' ? Number(value.value) : -1;
}

function addConstant(node: NodeProto, { constants, shapes }: Scope): void {
  const tensor = node.opType === 'Constant' ? getAttribute(node, 'value')?.t : undefined;
  if (tensor !== undefined) {
    constants.set(node.output[0] ?? '', tensor);
    shapes.set(node.output[0] ?? '', tensor.dims.map(Number));
  }
}

function isRequested(node: NodeProto, { requested }: Scope): boolean {
  if (SHAPE_OPERATORS.has(node.opType) && domainOf(node.domain) === '') {
    return false;
  }
  // A body sees all values of the graphs around it.
  return node.input.some(name => requested.has(name)) || (requested.size > 0 && subgraphs(node).length > 0);
}
