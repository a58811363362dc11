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

/** Returns the attribute with the given name, decoded. */
export function getAttribute(node: NodeProto, name: string): AttributeProto | undefined {
  const bytes = node.attribute.find(attribute => nameOf(attribute) === name);
  return bytes === undefined ? undefined : fromBinary(AttributeProtoSchema, bytes);
}

/** Returns the attribute with the given name as text, if it is a string. */
export function getStringAttribute(node: NodeProto, name: string): string | undefined {
  const value = getAttribute(node, name);
  return value?.type === AttributeProto_AttributeType.STRING ? Buffer.from(value.s).toString() : undefined;
}

/** Names of the attributes, in order. */
export function attributeNames(node: NodeProto): string[] {
  return node.attribute.map(nameOf);
}

/** Adds an attribute, or replaces the one with the same name. */
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

/** Removes the attributes with the given names. */
export function dropAttributes(node: NodeProto, names: readonly string[]): void {
  node.attribute = node.attribute.filter(attribute => !names.includes(nameOf(attribute)));
}

/** Encodes an attribute in the form that `NodeProto.attribute` stores. */
export function encodeAttribute(attribute: MessageInitShape<typeof AttributeProtoSchema>): Uint8Array {
  return toBinary(AttributeProtoSchema, create(AttributeProtoSchema, attribute));
}

/** Decodes the graphs in a node's attributes: bodies of loops, branches. Changes to them do not reach the node. */
export function subgraphs(node: NodeProto): GraphProto[] {
  return decodeWith(node, GRAPHS).flatMap(graphsOf);
}

/** Decodes the tensors in a node's attributes, which are constants. */
export function attributeTensors(node: NodeProto): TensorProto[] {
  return decodeWith(node, TENSORS).flatMap(tensorsOf);
}

/** The tensors of an attribute; for a sparse tensor, its values and its indices. */
export function tensorsOf({ t, tensors, sparseTensor, sparseTensors }: AttributeProto): TensorProto[] {
  const sparse = [sparseTensor, ...sparseTensors].flatMap(one => [one?.values, one?.indices]);
  return [t, ...tensors, ...sparse].filter(tensor => tensor !== undefined);
}

/** Applies `change`, which returns whether it changed anything, to each graph in a node's attributes. */
export function changeSubgraphs(node: NodeProto, change: (graph: GraphProto) => boolean): boolean {
  return changeAttributes(node, GRAPHS, attribute => graphsOf(attribute).map(change).includes(true));
}

/** Applies `change`, which returns whether it changed anything, to each tensor in a node's attributes. */
export function changeAttributeTensors(node: NodeProto, change: (tensor: TensorProto) => boolean): boolean {
  return changeAttributes(node, TENSORS, attribute => tensorsOf(attribute).map(change).includes(true));
}

/** Decodes the attributes that have any of the fields, and stores those for which `change` returns true. */
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

/** Stops at the first list, which can be very long: wire.ts rejects attributes with a list next to messages. */
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
