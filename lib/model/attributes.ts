import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from './onnx_pb.ts';

const NAME = 1;
const GRAPHS = new Set([6, 11]);
const TENSORS = new Set([5, 10, 22, 23]);
const LISTS = new Set([7, 8, 9]);

/** The attribute of that name, decoded. */
export function getAttribute(node: NodeProto, name: string): AttributeProto | undefined {
  const bytes = node.attribute.find(attribute => nameOf(attribute) === name);
  return bytes === undefined ? undefined : fromBinary(AttributeProtoSchema, bytes);
}

/** The attribute of that name as text, where it is a string. */
export function getStringAttribute(node: NodeProto, name: string): string | undefined {
  const value = getAttribute(node, name);
  return value?.type === AttributeProto_AttributeType.STRING ? Buffer.from(value.s).toString() : undefined;
}

/** Names of the attributes, in order. */
export function attributeNames(node: NodeProto): string[] {
  return node.attribute.map(nameOf);
}

/** Adds an attribute, or puts it in the place of the one of that name. */
export function setAttribute(
  node: NodeProto,
  attribute: MessageInitShape<typeof AttributeProtoSchema>,
): void {
  const bytes = encodeAttribute(attribute);
  const index = node.attribute.findIndex(existing => nameOf(existing) === attribute.name);
  if (index === -1) {
    node.attribute.push(bytes);
  } else {
    node.attribute[index] = bytes;
  }
}

/** Takes the attributes of those names away. */
export function dropAttributes(node: NodeProto, names: readonly string[]): void {
  node.attribute = node.attribute.filter(attribute => !names.includes(nameOf(attribute)));
}

/** An attribute as `NodeProto.attribute` holds it. */
export function encodeAttribute(attribute: MessageInitShape<typeof AttributeProtoSchema>): Uint8Array {
  return toBinary(AttributeProtoSchema, create(AttributeProtoSchema, attribute));
}

/** The graphs in a node's attributes, decoded: bodies of loops, branches. Changes to them do not reach the node. */
export function subgraphs(node: NodeProto): GraphProto[] {
  return decodeWith(node, GRAPHS).flatMap(graphsOf);
}

/** The tensors in a node's attributes, decoded: constants. */
export function attributeTensors(node: NodeProto): TensorProto[] {
  return decodeWith(node, TENSORS).flatMap(tensorsOf);
}

/** The tensors of an attribute; of a sparse one its values and its indices. */
export function tensorsOf({ t, tensors, sparseTensor, sparseTensors }: AttributeProto): TensorProto[] {
  const sparse = [sparseTensor, ...sparseTensors].flatMap(one => [one?.values, one?.indices]);
  return [t, ...tensors, ...sparse].filter(tensor => tensor !== undefined);
}

/** Applies `change`, which says whether it changed anything, to each graph in a node's attributes. */
export function changeSubgraphs(node: NodeProto, change: (graph: GraphProto) => boolean): boolean {
  return changeAttributes(node, GRAPHS, attribute => graphsOf(attribute).map(change).includes(true));
}

/** Applies `change`, which says whether it changed anything, to each tensor in a node's attributes. */
export function changeAttributeTensors(node: NodeProto, change: (tensor: TensorProto) => boolean): boolean {
  return changeAttributes(node, TENSORS, attribute => tensorsOf(attribute).map(change).includes(true));
}

/** Decodes the attributes that have any of the fields, and keeps those that `change` says it changed. */
function changeAttributes(
  node: NodeProto,
  fields: ReadonlySet<number>,
  change: (attribute: AttributeProto) => boolean,
): boolean {
  let changed = false;
  node.attribute = node.attribute.map(bytes => {
    if (!hasAny(bytes, fields)) {
      return bytes;
    }
    const attribute = fromBinary(AttributeProtoSchema, bytes);
    if (!change(attribute)) {
      return bytes;
    }
    changed = true;
    return toBinary(AttributeProtoSchema, attribute);
  });
  return changed;
}

function nameOf(attribute: Uint8Array): string {
  const reader = new BinaryReader(attribute);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (field === NAME) {
      return reader.string();
    }
    reader.skip(wire, field);
  }
  return '';
}

function graphsOf({ g, graphs }: AttributeProto): GraphProto[] {
  return g === undefined ? graphs : [g, ...graphs];
}

function decodeWith(node: NodeProto, fields: ReadonlySet<number>): AttributeProto[] {
  return node.attribute
    .filter(bytes => hasAny(bytes, fields))
    .map(bytes => fromBinary(AttributeProtoSchema, bytes));
}

/** Reads no further than the first list, which can be very long: wire.ts refuses graphs and tensors beside one. */
function hasAny(attribute: Uint8Array, fields: ReadonlySet<number>): boolean {
  const reader = new BinaryReader(attribute);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (fields.has(field)) {
      return true;
    }
    if (LISTS.has(field)) {
      return false;
    }
    reader.skip(wire, field);
  }
  return false;
}
