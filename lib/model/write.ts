import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import {
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from './onnx_pb.ts';

/** Copying smaller tensors is cheaper than writing each on its own. */
const LARGE_BYTES = 4096;

/** Writes a model. Weights are written directly from memory, without a copy. */
export async function writeModel(model: { proto: ModelProto }, path: string): Promise<void> {
  await pipeline(Readable.from(encodeModel(model.proto)), createWriteStream(path));
}

/** Serializes the model, in pieces. Equal models produce equal bytes. */
export function encodeModel(proto: ModelProto): Uint8Array[] {
  if (proto.graph === undefined) {
    return [toBinary(ModelProtoSchema, proto)];
  }
  const tensors = proto.graph.initializer.flatMap(tensor =>
    field(GraphProtoSchema.field.initializer.number, encodeTensor(tensor)),
  );
  const rest = toBinary(GraphProtoSchema, without(proto.graph, 'initializer', []));
  return [
    toBinary(ModelProtoSchema, without(proto, 'graph', undefined)),
    ...field(ModelProtoSchema.field.graph.number, [rest, ...tensors]),
  ];
}

function encodeTensor(tensor: TensorProto): Uint8Array[] {
  const size =
    tensor.rawData.length + (tensor.$unknown ?? []).reduce((sum, { data }) => sum + data.length, 0);
  if (size < LARGE_BYTES) {
    return [toBinary(TensorProtoSchema, tensor)];
  }
  const { rawData } = tensor;
  return [
    toBinary(TensorProtoSchema, without(without(tensor, 'rawData', undefined), '$unknown', undefined)),
    ...(rawData.length > 0 ? field(TensorProtoSchema.field.rawData.number, [rawData]) : []),
    ...(tensor.$unknown ?? []).flatMap(({ no, wireType, data }) => [
      new BinaryWriter().tag(no, wireType).finish(),
      data,
    ]),
  ];
}

/** Encodes a length-delimited field with the given content. */
function field(number: number, content: Uint8Array[]): Uint8Array[] {
  const length = content.reduce((sum, piece) => sum + piece.length, 0);
  return [new BinaryWriter().tag(number, WireType.LengthDelimited).uint32(length).finish(), ...content];
}

/** A shallow copy with one field unset: protobuf's presence depends on the prototype, which a spread would lose. */
function without<T extends object, K extends keyof T>(message: T, name: K, empty: T[K] | undefined): T {
  const copy: T = Object.create(Object.getPrototypeOf(message), Object.getOwnPropertyDescriptors(message));
  if (empty === undefined) {
    delete copy[name];
  } else {
    copy[name] = empty;
  }
  return copy;
}
