import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { encodeAttribute } from '../../lib/model/attributes.ts';
import {
  type AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
  type TypeProto,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../../lib/model/onnx_pb.ts';
import type { ElementType } from '../../lib/model/types.ts';

/** A dimension: its size, the name of a symbolic one, or `null` for one that is not told. */
export type Dim = number | string | null;

/** Attribute values by name. Whole numbers are INT, an object is the message as it is. */
export type Attributes = Record<
  string,
  number | bigint | string | string[] | bigint[] | GraphProto | RawAttribute
>;
type RawAttribute = MessageInitShape<typeof AttributeProtoSchema> & { type: number };

/** A tensor's type; `shape: null` leaves the rank open. */
export function tensorType(element: ElementType, shape: Dim[] | null): TypeProto {
  const dim = shape?.map(size => {
    if (size === null) {
      return {};
    }
    const value =
      typeof size === 'number'
        ? { case: 'dimValue', value: BigInt(size) }
        : { case: 'dimParam', value: size };
    return { value: value as { case: 'dimParam'; value: string } };
  });
  const elemType = TensorProto_DataType[element];
  return create(TypeProtoSchema, {
    value: { case: 'tensorType', value: { elemType, ...(dim === undefined ? {} : { shape: { dim } }) } },
  });
}

/** What ZipMap makes: a list of dictionaries. */
export function mapSequenceType(key: ElementType): TypeProto {
  const map = { keyType: TensorProto_DataType[key], valueType: tensorType('FLOAT', null) };
  const elemType = create(TypeProtoSchema, { value: { case: 'mapType', value: map } });
  return create(TypeProtoSchema, { value: { case: 'sequenceType', value: { elemType } } });
}

/** A named value: an input or output of a graph. */
export function value(name: string, type: TypeProto | undefined): ValueInfoProto {
  return create(ValueInfoProtoSchema, { name, ...(type === undefined ? {} : { type }) });
}

/** An operator's use. `operator` may carry its domain: `ai.onnx.ml.ZipMap`. */
export function node(
  operator: string,
  input: string[],
  output: string[],
  attributes: Attributes = {},
): NodeProto {
  const dot = operator.lastIndexOf('.');
  return create(NodeProtoSchema, {
    opType: operator.slice(dot + 1),
    domain: operator.slice(0, Math.max(0, dot)),
    input,
    output,
    attribute: Object.entries(attributes).map(([name, content]) =>
      encodeAttribute({ name, ...attribute(content) }),
    ),
  });
}

function attribute(content: Attributes[string]): MessageInitShape<typeof AttributeProtoSchema> {
  if (typeof content === 'number' && !Number.isInteger(content)) {
    return { type: AttributeType.FLOAT, f: content };
  }
  if (typeof content === 'number' || typeof content === 'bigint') {
    return { type: AttributeType.INT, i: BigInt(content) };
  }
  if (typeof content === 'string') {
    return { type: AttributeType.STRING, s: Buffer.from(content) };
  }
  if (Array.isArray(content)) {
    if (content.every(item => typeof item === 'bigint')) {
      return { type: AttributeType.INTS, ints: content };
    }
    return { type: AttributeType.STRINGS, strings: content.map(item => Buffer.from(String(item))) };
  }
  if ('$typeName' in content && content.$typeName === 'onnx.GraphProto') {
    return { type: AttributeType.GRAPH, g: content };
  }
  return content as RawAttribute;
}

/** A constant of float32 values. */
export function floats(name: string, dims: number[], values: Float32Array): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: TensorProto_DataType.FLOAT,
    rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  });
}

/** A constant of int64 values: axes, shapes. */
export function ints(name: string, values: number[], dims: number[] = [values.length]): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: TensorProto_DataType.INT64,
    rawData: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
  });
}

/** A graph, for a model or for the attribute of a control-flow operator. */
export function graph(parts: MessageInitShape<typeof GraphProtoSchema>): GraphProto {
  return create(GraphProtoSchema, { name: 'graph', ...parts });
}

/** A model of that graph. Opsets by domain; `''` stands for ONNX's own operators. */
export function model(
  main: GraphProto,
  opsets: Record<string, number> = { '': 17 },
  parts: MessageInitShape<typeof ModelProtoSchema> = {},
): ModelProto {
  const opsetImport = Object.entries(opsets).map(([domain, version]) => ({
    domain,
    version: BigInt(version),
  }));
  return create(ModelProtoSchema, {
    irVersion: 8n,
    producerName: 'coldpress',
    opsetImport,
    graph: main,
    ...parts,
  });
}
