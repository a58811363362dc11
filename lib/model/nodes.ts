import { create } from '@bufbuild/protobuf';
import { encodeAttribute } from './attributes.ts';
import {
  AttributeProto_AttributeType,
  type GraphProto,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
} from './onnx_pb.ts';

/** Attributes of a new node: whole numbers, lists of them, constants, bodies. */
export type NewAttributes = Record<string, number | number[] | TensorProto | GraphProto>;

export type NodeList = ReturnType<typeof startNodes>;

/**
 * Starts a list of new nodes of ONNX's own operators, each with one output that has a unique name.
 * @param owner - the model's operator that they compute for: an error of theirs is reported by its name
 */
export function startNodes(fresh: (name: string) => string, owner?: string) {
  const nodes: NodeProto[] = [];
  const add = (opType: string, input: string[], attributes: NewAttributes = {}, name?: string): string => {
    const output = fresh(opType);
    const own = name ?? (owner === undefined || opType === 'Constant' ? '' : fresh(`for/${owner}/0`));
    nodes.push(makeNode({ opType, input, output: [output], name: own }, attributes));
    return output;
  };
  return {
    nodes,
    add,
    integers: (values: number[], dims: number[] = [values.length]) =>
      add('Constant', [], { value: integerTensor(values, { dims, type: TensorProto_DataType.INT64 }) }),
    integer: (value: number, type: number) =>
      add('Constant', [], { value: integerTensor([value], { dims: [], type }) }),
    float: (value: number) => add('Constant', [], { value: floatTensor(value) }),
    cast: (value: string, type: number) => add('Cast', [value], { to: type }),
  };
}

/** Makes a node of one of ONNX's own operators. */
export function makeNode(
  parts: { opType: string; input: string[]; output: string[]; name?: string },
  attributes: NewAttributes = {},
): NodeProto {
  const attribute = Object.entries(attributes).map(([name, value]) => encodeAttribute(typed(name, value)));
  return create(NodeProtoSchema, { ...parts, attribute });
}

function typed(name: string, value: NewAttributes[string]) {
  const { INT, INTS, TENSOR, GRAPH } = AttributeProto_AttributeType;
  if (typeof value === 'number') {
    return { name, type: INT, i: BigInt(value) };
  }
  if (Array.isArray(value)) {
    return { name, type: INTS, ints: value.map(BigInt) };
  }
  return value.$typeName === 'onnx.GraphProto'
    ? { name, type: GRAPH, g: value }
    : { name, type: TENSOR, t: value };
}

function integerTensor(values: number[], { dims, type }: { dims: number[]; type: number }): TensorProto {
  const array =
    type === TensorProto_DataType.INT32 ? Int32Array.from(values) : BigInt64Array.from(values, BigInt);
  return create(TensorProtoSchema, {
    dims: dims.map(BigInt),
    dataType: type,
    rawData: new Uint8Array(array.buffer),
  });
}

function floatTensor(value: number): TensorProto {
  const rawData = new Uint8Array(Float32Array.of(value).buffer);
  return create(TensorProtoSchema, { dims: [], dataType: TensorProto_DataType.FLOAT, rawData });
}
